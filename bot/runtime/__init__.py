"""What a running process needs: its clock, the alarm that wakes it, health, logs, and a web server."""
