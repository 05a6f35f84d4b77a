"""A person's own data: what is held, a copy of it, and its erasure."""
