"""Tests of members, and of who may read what they share."""
