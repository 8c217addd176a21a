"""Answers by one tap: the buttons on a prompt's card, what a tap stores, and how often each option was picked."""
