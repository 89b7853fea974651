"""Questions to the database and deeds in it, one file per subject; every function takes the open transaction first.

`districts` and `ground` keep what an import brings, `copying` pours it in; `blocks` collects what bounds and fills
a cell, `cells` keeps divisions and their cells; `register` finds addresses, `basemap` cuts tiles, `reach` gives
what is asked for when somebody wants to know who is reached in time; `closures` and `speeds` keep what is to be
different about the roads.
"""
