"""Signed evidence of a finished course."""
