"""Discord: one bot in any number of servers, through discord.py."""
