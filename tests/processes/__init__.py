"""The bot as an operator runs it: a process of its own, with a platform on the wire."""
