"""The programme's rules about people, dates and places: each a function with the rule as its docstring.

A rule raises `ValidationError` in words, under the name of the field where they belong. Forms and
actions call the same function; most also stand in the database.
"""
