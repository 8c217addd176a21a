"""What members report, and what moderators hide."""
