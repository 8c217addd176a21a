"""What a member can see and change of what is kept about them: `/my`."""
