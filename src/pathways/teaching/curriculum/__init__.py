"""What is to be learned: objectives, and the spaces their cases are drawn from."""
