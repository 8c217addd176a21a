"""Messages of the intents' test sets, and how they are measured."""
