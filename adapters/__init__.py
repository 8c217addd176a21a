"""One folder for each platform: it hears what happens there and says what the core wants said."""
