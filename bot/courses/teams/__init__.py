"""Teams: who belongs together, and how far they are in a course."""
