"""What others shared: read by whoever is in its audience, a prompt at a time."""
