"""Tests of the outbox, the sender, recovery and pacing."""
