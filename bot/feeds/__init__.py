"""Calendar feeds: what is due, as a calendar that other programs subscribe to by an address nobody can guess."""
