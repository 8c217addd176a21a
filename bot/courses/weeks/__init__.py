"""Weeks: in how many of them a member answered or did something, for themselves alone."""
