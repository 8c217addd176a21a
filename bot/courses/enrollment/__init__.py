"""Enrollment: who takes which course, alone or as a group."""
