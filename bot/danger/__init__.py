"""Somebody in danger: recognized by phrases, and answered at once with whom to call."""
