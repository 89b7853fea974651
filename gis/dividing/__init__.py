"""Divisions on their way: drafts are begun, edited, checked and mended, and come into force.

`drafting` begins a draft from what stands, from a cut or from what somebody brought; `neighbourhood` reads as much of
it as an edit needs; `editing` tries and keeps edits, undoes them and does them again; `checking` finds faults and mends
them; `standing` puts a draft in force; `converting` says how two divisions belong together, by buildings.
Nobody here asks who may: that is said where it is done.
"""
