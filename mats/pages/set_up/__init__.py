"""Setting up a cohort in one sitting: what is done, what is missing, and what a launch would do."""
