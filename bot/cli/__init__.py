"""The `tilth` command: one module for each thing an operator or author types."""
