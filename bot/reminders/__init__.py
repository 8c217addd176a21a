"""Reminders: one policy for every unasked private message, over all features."""
