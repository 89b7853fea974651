"""Files that somebody brings, of whatever kind: what is in them, where it lies, what its columns mean. Pure."""
