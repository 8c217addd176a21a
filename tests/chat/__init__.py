"""What people type, and what Tilth makes of it."""
