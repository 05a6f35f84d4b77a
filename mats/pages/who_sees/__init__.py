"""Who sees what: the access table for everybody, and what each kind of visitor would see of one place.

Staff never become somebody else: what a mentor would see is read from the table, not by signing in
as one. Nothing of the content is asked for, so nothing of it can show.
"""
