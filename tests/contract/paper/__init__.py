"""A throw-away platform that proves the recipe: one folder, one line, and the contract holds."""
