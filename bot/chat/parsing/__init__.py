"""Command lines: tokens, options and values, and what to suggest where something does not fit."""
