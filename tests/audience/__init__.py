"""Who reads what: random histories against a naive model, and the table of everybody at every door."""
