"""Reports: what moderators learn of a week, of what waits for a reply, and of scales, without a list of who did not."""
