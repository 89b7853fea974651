"""Time and length of ways: one protocol (`engine`), the road engine in this process (`osrm`), the files it reads
(`graphs`, `built`), the straight line that stands in for it (`beeline`) and the one that chooses between the two
(`fallback`).

Roads close by `closing`: `drawn` and `workzones` read what is to be closed, `segments` and `matching` say which pieces
of road that is, `aside` keeps whoever stands there in reach. `speeds` says how much longer ways take by the hour.
"""
