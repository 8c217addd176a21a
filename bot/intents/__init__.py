"""What somebody means who writes to the bot: a wish, a value, an answer, or nothing that is clear."""
