"""A believable cohort, laid out backwards from a moment. Data for the demo, tests and bench."""
