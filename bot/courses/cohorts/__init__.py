"""Cohorts: groups that take a course together from a day on, and talk about it in a place of their own."""
