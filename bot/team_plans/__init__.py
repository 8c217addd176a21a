"""The plan of a team: one page that carries it from a problem through its causes to a change, and to a second look."""
