"""The weekly prompt: from what authors write to what people read."""
