"""Pauses that come by themselves: a course in which nothing has happened for weeks, and the word that resumes it."""
