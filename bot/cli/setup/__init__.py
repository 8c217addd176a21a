"""`tilth setup`: from tokens to a first prompt, step by step in a terminal."""
