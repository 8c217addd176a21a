"""Teams, their members, and their progress in a course."""
