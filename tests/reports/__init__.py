"""Reports: every number is what somebody would get by counting by hand, and none tells of fewer than five."""
