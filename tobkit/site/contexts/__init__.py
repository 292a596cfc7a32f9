"""What stands in the pages: pure functions of `Facts` to plain data, one module a kind of page.

Contexts hold no entries of the pool, only what their template shows, so that a page can be rendered elsewhere, compared
by fingerprint and, for another audience, be projected by what its functions put in.
"""
