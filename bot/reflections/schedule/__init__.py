"""Prompt schedules: when prompts are posted, and what moderators do about it."""
