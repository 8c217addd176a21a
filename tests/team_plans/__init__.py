"""Team plans."""
