"""Notices of membership: who was put into a team, made its lead or enrolled by somebody else is told."""
