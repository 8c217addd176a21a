"""Telling moderators: one word about each trouble, where they look, with what to do about it."""
