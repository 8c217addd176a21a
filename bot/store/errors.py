"""Errors of the store, each with a sentence an operator can act on.

    StoreFault
    ├── StoreUnavailable    nothing was stored; the same work may be tried again later
    │   └── StoreBroken     it stays so until an operator mends it: damaged, refused, no database
    ├── WriteUnclear        the connection died during COMMIT; look before trying again
    ├── StoreClosed         somebody used the store after closing it: a bug of ours
    └── StoreRefused        Tilth must not start like this
        ├── AlreadyRunning  another process has the SQLite file
        ├── SchemaTooNew    a newer Tilth wrote this database
        ├── SchemaTooOld    this database was made before the first release
        ├── MigrationFailed a migration raised, and the database is as it was
        └── WrongSecret     this process has not the secret that the database belongs to

A broken rule of a table is no fault of the store: it arrives as SQLAlchemy's own `IntegrityError`.
"""


class StoreFault(Exception):
    """Something about the database rather than about what was asked of it."""


class StoreUnavailable(StoreFault):
    """The database could not do it now and kept nothing of it; the driver's error is the cause."""


class StoreBroken(StoreUnavailable):
    """Waiting does not help: the sentence says what an operator has to mend."""


class WriteUnclear(StoreFault):
    """The connection died while committing: the work may or may not have been kept."""


class StoreClosed(StoreFault):
    """The store was closed before this was asked of it."""


class StoreRefused(StoreFault):
    """This database must not be opened like this; the sentence says what to change."""


class AlreadyRunning(StoreRefused):
    """Another process is running on the same SQLite file."""


class SchemaTooNew(StoreRefused):
    """The database has been migrated further than this version of Tilth knows."""


class SchemaTooOld(StoreRefused):
    """The database was made before the first release, by migrations that no longer exist."""


class MigrationFailed(StoreRefused):
    """The database could not be brought to this version, and is what it was before."""


class WrongSecret(StoreRefused):
    """The database belongs to another secret than this process has."""
