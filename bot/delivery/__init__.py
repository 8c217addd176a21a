"""How the bot speaks unasked: an outbox of rows, and a sender that makes each of them one message and no more."""
