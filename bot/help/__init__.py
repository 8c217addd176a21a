"""How people find out what the bot can do: `/tilth`."""
