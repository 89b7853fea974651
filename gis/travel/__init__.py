"""Time and length of ways: one protocol (`engine`), the road engine in this process (`osrm`), the files it reads
(`graphs`), the straight line that stands in for it (`beeline`) and the one that chooses
between the two (`fallback`)."""
