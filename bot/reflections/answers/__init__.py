"""Members' answers: how they are taken in, shown, changed and summed up."""
