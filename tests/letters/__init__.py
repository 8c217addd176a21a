"""Tests of private letters."""
