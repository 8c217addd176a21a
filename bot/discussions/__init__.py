"""Discussions: threads that a moderator plans, once or on a schedule, from the first word to the thanks at the end."""
