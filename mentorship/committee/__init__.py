"""What the committee reads: the cases of a round side by side, and one case whole.

`facts` are what a decision is judged by, `reading`, `filters`, `words`, `page` and `export` the table, `case`
the page of one, `warned` whether somebody was told early.

Rows stand by name and in no other order: evidence is read beside what people say, and put together
by nobody but people. There is no 1-1, no chance and no sum in it.
"""
