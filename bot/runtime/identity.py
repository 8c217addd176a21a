"""The name of a process, by which leases and rows in the outbox say whose they are."""

from __future__ import annotations

import os
import secrets
import socket


def name_process() -> str:
    """A name for this start of this process, unlike any other; an operator can read where it runs.

    Machine and process number alone are not enough: two containers made from one description have the same name,
    and in each the bot is process 1.
    """
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
