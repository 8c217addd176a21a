"""Private letters: what somebody answered over a course or a school year, in their own words."""
