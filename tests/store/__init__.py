"""The store, on real files and a real PostgreSQL."""
