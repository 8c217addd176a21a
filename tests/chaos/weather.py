"""What befalls a PostgreSQL: its connections end, or all of it goes away for a moment."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.databases import OwnServer

Strike = Callable[[random.Random], None]


def strike_connections(url: str) -> Strike:
    """What ends every connection to a database."""
    import psycopg

    def strike(_dice: random.Random) -> None:
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    return strike


def strike_server(server: OwnServer) -> Strike:
    """What does the same, and in one case of four ends the whole server, as a power cut does, and starts it again."""
    mild = strike_connections(server.url)

    def strike(dice: random.Random) -> None:
        if dice.random() < 0.25:
            server.stop()
            server.start()
        else:
            mild(dice)

    return strike
