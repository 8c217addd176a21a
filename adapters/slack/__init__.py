"""Slack: one app for each workspace, through Socket Mode or signed HTTP requests."""
