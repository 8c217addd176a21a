"""Backups put where they belong, put back, and a database copied to the other kind: what an operator does, offline."""
