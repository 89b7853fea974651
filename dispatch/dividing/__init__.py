"""Divisions as people deal with them: who may draw, propose and approve, and what is told when one comes into force.

`drawing` begins drafts, edits, mends, undoes; `deciding` proposes, approves, rejects, withdraws and drops; `standing`
puts what is due in force, with whoever answered for the ground before; `giving` says who answers for which cells;
`seeing` is what is shown. How cells are cut and kept is said in `gis.dividing`.
"""
