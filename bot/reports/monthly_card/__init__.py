"""The monthly card: what people tried in the month that is over, for everyone, if moderators want it."""
