"""A case in plain words and lines: the referral, the map of the liver."""
