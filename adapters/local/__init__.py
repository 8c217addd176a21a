"""The playground: a pretend chat platform in memory, for tests, rehearsals and trying things out."""
