"""Deliveries on their way in: `batches` knows where each stands, `rows` holds its lines, `comparing` says what is new,
changed, the same and gone, `applying` writes that into the ground, `asking` shows it.
"""
