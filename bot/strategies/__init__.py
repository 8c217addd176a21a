"""Strategies: what somebody found to work, as a card that others find, try, and add to."""
