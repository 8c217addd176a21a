"""The steps by which the tables of a database in use become those of this version."""
