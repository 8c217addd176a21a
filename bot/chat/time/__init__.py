"""Dates, times, zones and repeat rules as people write them."""
