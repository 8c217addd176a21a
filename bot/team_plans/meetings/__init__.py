"""Meetings of a team: planned by its lead, led part by part through a protocol, and written into the plan."""
