"""Comparisons: two teams see each other's totals, if the people who lead both say so. Never anybody's own progress."""
