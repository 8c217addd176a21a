"""The prompt bank: decks, prompts, suggestions, and which prompt is next."""
