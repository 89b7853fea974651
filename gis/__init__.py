"""The ground: cells, buildings, addresses, facilities, distance and reach.

Knows nothing of incidents, people or HTTP. `model` holds the values, `tables` and `store` the database, `osm` reads
extracts, `grid` cuts cells, `travel` measures ways by road, `geocode` and `locate` turn words and pins into places,
`reach` says who is reached in time, `tiles` draws the base map, `importing` pours an extract into the district.
"""
