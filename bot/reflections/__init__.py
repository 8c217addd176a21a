"""The weekly prompt: asked on a schedule, answered through three doors, kept as one answer, closed with a digest."""
