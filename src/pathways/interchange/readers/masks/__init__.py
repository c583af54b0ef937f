"""Label maps of the liver, its lesions and its vessels, measured in physical space (extra `imaging`)."""
