"""The weekly prompt: asked on a schedule, answered in three ways, stored as one answer, closed with a digest."""
