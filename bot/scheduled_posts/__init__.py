"""The moderator's workflow for everything that is posted on a schedule: prompts and discussions."""
