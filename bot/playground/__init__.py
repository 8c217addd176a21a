"""The playground: a seeded community on the local adapter, an example school year, and the rehearsal."""
