"""What belongs to a lesson and is not on its card: the meeting, the example, pages to use, and all of it on paper."""
