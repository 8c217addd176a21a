"""When things happen: the clock, rules in local time, breaks, the planner and the alarm."""
