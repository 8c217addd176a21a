"""Who is here: communities, spaces, members and their accounts, what they may do and what they want."""
