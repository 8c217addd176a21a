"""Looking after the bot itself: where moderators hear of trouble, and who changed what."""
