"""What somebody can do who was told who to call: say that nobody is in danger, or ask a moderator for contact."""
