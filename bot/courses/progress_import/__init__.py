"""Course progress that is imported from where a course is hosted."""
