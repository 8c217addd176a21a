"""Communities, spaces, members and accounts, with their roles, preferences and privacy."""
