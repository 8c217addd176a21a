"""Dialogues between people and the bot: read these first."""
