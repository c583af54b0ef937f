"""What could be otherwise in a case or in the policy it is judged by, one topic a module."""
