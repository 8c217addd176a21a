"""Reminders: the one way in which the bot reminds somebody unasked, and the manners it keeps."""
