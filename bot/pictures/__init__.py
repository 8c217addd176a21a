"""Charts, painted as PNG with letters that are the same on every machine."""
