"""How fast things are, each against what stands beside it in the same run."""
