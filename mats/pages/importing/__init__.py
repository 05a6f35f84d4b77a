"""A programme's people from files: read, judged, compared with what stands, then stored.

`formats` says what the files hold, `reading` turns bytes into rows, `parsing` rows into facts,
`standing` fetches what the database holds, `judging` applies the programme's rules to both
together, `difference` says what would change, `storing` does it, `runs` keeps an upload that
waits for somebody's yes. All or nothing: one bad row, and nothing is stored.
"""
