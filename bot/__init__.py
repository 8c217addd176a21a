"""Tilth's core: a community bot that knows no chat platform."""
