"""A person's timeline: their research life in one phase, week by week, for staff."""
