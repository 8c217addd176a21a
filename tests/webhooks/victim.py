"""A process that tells a webhook, until the receiver kills it (`python -m`)."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import bot.all_tables  # noqa: F401 - every table must be known
from bot.store import Store
from bot.store.secret import DatabaseSecret
from bot.webhooks.addresses import AddressRules
from bot.webhooks.events import list_kinds
from bot.webhooks.feature import make_caller
from tests.delivery.rig import Rig


async def main(url: str, secret: DatabaseSecret) -> None:
    with Store.open(url) as store:
        rig = Rig(store)
        caller = make_caller(
            store, rig.clock, secret, AddressRules(private=True, plain=True), list_kinds(None)
        )
        await rig.settle(rig.another("victim", hooks=caller))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], DatabaseSecret(Path(sys.argv[2]).read_bytes())))
