"""Histories that people read: of one thing for its staff, of oneself for everybody."""
