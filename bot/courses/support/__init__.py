"""Support: who might want a hand, shown to whoever leads the team by those who chose to show it."""
