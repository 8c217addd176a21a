"""Check-ins: who does something in a plan is asked on its date, and a team is asked for its looks at a change."""
