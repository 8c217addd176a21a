"""Courses: lessons that arrive at their own pace, teams that walk through them together, and how far everybody is."""
