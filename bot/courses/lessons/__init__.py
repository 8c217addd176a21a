"""Courses and their lessons: content files, release, progress and completion."""
