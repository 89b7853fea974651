"""The address register as arrays: everything that a search asks, sorted for asking, in files that processes share.

`model` is its shape, `building` makes it of the rows that gis.store.register reads (`names`, `houses`, `crossings` and
`grams` are its parts), `keeping` writes and opens the files."""
