"""What each page costs: questions to the database, bytes, and time beside a bare view."""
