"""The cases of a round side by side, for the committee and the cohort's staff.

Rows stand by name and in no other order: evidence is read beside what people say, and put together
by nobody but people. There is no 1-1, no chance and no sum in it.
"""

from mentorship.committee.reading import CaseRow, Table, read_table

__all__ = ["CaseRow", "Table", "read_table"]
