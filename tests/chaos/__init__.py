"""Chaos: processes of the whole bot are killed, frozen and lied to, and what is left must be right."""
