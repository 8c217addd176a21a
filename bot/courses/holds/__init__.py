"""Holds: lessons that were moved before they came, by a member for themselves or by a lead for a team."""
