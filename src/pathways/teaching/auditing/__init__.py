"""What a set of lessons gives away: whether its questions need the case, and whether its feedback teaches."""
