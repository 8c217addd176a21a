"""The calendar of a community, as moderators keep it: terms, breaks, holidays, and calendars that others publish."""
