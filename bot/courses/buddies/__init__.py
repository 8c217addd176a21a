"""Buddies: two people who take the same course and both asked for somebody to take it with."""
