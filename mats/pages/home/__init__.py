"""Home: what is next, for every role a person holds; the only inbox."""
