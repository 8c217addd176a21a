"""`/find`: strategies and shared answers, found by words."""
