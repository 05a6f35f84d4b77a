"""Pages that bring the apps together."""
