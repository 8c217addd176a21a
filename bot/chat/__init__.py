"""The words and the door: what the core and every platform have agreed to talk about."""
