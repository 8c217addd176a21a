"""The plan of a team on the canvas of its place, where people change it as well."""
