"""What members say to each other about an answer: thanks, and private replies that go through the bot."""
