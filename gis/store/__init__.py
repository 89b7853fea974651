"""Questions to the database and deeds in it, one file per subject; every function takes the open transaction first.

`cells` keeps divisions and their cells, `blocks` collects what bounds and fills a cell, `reach` what is asked for when
somebody wants to know who is reached in time.
"""
