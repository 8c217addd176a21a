"""The year ahead: everything a community has planned, simulated by the planner's own code before it happens."""
