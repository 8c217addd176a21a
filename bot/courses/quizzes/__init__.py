"""Quizzes: a few questions with one right answer each, at the end of a lesson, answered once."""
