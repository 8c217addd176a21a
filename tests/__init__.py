"""The tests: read tests/stories first."""
