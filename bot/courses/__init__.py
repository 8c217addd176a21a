"""Courses: lessons released one by one, teams that take them together, and progress."""
