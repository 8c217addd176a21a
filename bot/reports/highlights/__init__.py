"""Highlights: one answer a week that everyone might like to read, shown only with its author's consent."""
