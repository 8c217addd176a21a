"""Whether prompts and lessons were worth the time: one tap of a member, told to moderators as totals alone."""
