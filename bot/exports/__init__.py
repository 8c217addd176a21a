"""Files that leave the bot: what moderators may read, as tables for their own reports."""
