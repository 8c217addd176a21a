"""Rosters: teams and their people from a table, looked at first, imported, and taken back."""
