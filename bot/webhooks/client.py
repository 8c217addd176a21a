"""The client of webhooks: one signed POST for a row of the outbox, and what its answer means."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import aiohttp
from aiohttp.abc import AbstractResolver
from sqlalchemy import Connection

from bot.chat.parsing.button_values import read_number
from bot.chat.port import Rejected, RetryLater
from bot.delivery.facts import ORPHANED
from bot.delivery.tables import OutboxRow
from bot.people import tables as people
from bot.runtime.clock import Clock
from bot.store.store import Store
from bot.webhooks import tables
from bot.webhooks.addresses import AddressRefused, AddressRules, GuardedResolver
from bot.webhooks.events import EventKind
from bot.webhooks.signatures import derive_secret, sign_delivery
from bot.webhooks.tables import Webhook

TIMEOUT = 10.0
"""Seconds from connecting to the first line of the answer."""
MOST_WAIT = 3600.0
"""Seconds that a service may ask us to wait."""
GONE = "http_410"
"""It says that it wants nothing any more."""


@dataclass(frozen=True, slots=True)
class WebhookDelivery:
    """What one call says and to whom."""

    hook: Webhook
    body: bytes


@dataclass(frozen=True, slots=True)
class WebhookClient:
    """Calls webhooks. `keys` are those that secrets are derived with, the one of today first; `kinds` say what is told."""

    store: Store
    clock: Clock
    keys: Sequence[bytes]
    rules: AddressRules
    kinds: Mapping[str, EventKind]
    names: AbstractResolver | None = None
    """Resolves names; another one only in tests."""

    async def call(self, row: OutboxRow) -> None:
        """Tell the service of a row; raises `RetryLater`, or `Rejected` for what is never told.

        What it answers is not read: neither stored nor logged. No redirect is followed.
        """
        found = await self.store.read(lambda conn: self.draw(conn, row))
        if found is None:
            raise Rejected(ORPHANED)
        try:
            status, wait = await self._post(found, f"msg_{row.marker}")
        except AddressRefused as error:
            raise RetryLater(f"address_{error.why}") from None
        except aiohttp.ClientConnectorCertificateError:
            raise RetryLater("certificate") from None
        except (aiohttp.ClientError, OSError, ssl.SSLError, ValueError) as error:
            refused = error.__cause__ or error.__context__
            if isinstance(refused, AddressRefused):
                raise RetryLater(f"address_{refused.why}") from None
            raise RetryLater("timeout" if isinstance(error, TimeoutError) else "unreachable") from None
        if 200 <= status < 300:
            return
        code = f"http_{status}"
        if code == GONE:
            raise Rejected(code)
        raise RetryLater(code, wait)

    def draw(self, conn: Connection, row: OutboxRow) -> WebhookDelivery | None:
        """What a row says as it is true now; None: nobody wants it any more."""
        hook = tables.find_webhook(conn, row.community_id, read_number(row.lane, "h"))
        event, _, ref = row.ref.partition(" ")
        kind = self.kinds.get(event)
        if hook is None or hook.paused_at is not None or kind is None:
            return None
        data = kind.draw(conn, row.community_id, ref)
        if data is None:
            return None
        home = people.community_by_id(conn, row.community_id)
        told = {
            "type": kind.name, "version": kind.version, "timestamp": row.due_at.isoformat(), "community": home.slug,
            "data": data,
        }  # fmt: skip
        return WebhookDelivery(hook, json.dumps(told, ensure_ascii=False).encode())

    async def _post(self, what: WebhookDelivery, id: str) -> tuple[int, float | None]:
        """(status, seconds to wait where it said so)."""
        self.rules.check(what.hook.url)
        secrets = [derive_secret(key, what.hook.salt) for key in self.keys]
        headers = {
            "content-type": "application/json",
            "user-agent": "Tilth-Webhooks/1",
            **sign_delivery(secrets, id, self.clock.now(), what.body),
        }
        resolver = GuardedResolver(self.rules, self.names)
        connector = aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False, force_close=True)
        async with (
            aiohttp.ClientSession(
                connector=connector, timeout=aiohttp.ClientTimeout(total=TIMEOUT), trust_env=False,
                cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False,
            ) as session,
            session.post(what.hook.url, data=what.body, headers=headers, allow_redirects=False) as answer,
        ):  # fmt: skip
            return answer.status, _read_wait(answer.headers.get("Retry-After", ""))


def _read_wait(given: str) -> float | None:
    """Seconds to wait, at most an hour; None where it says none, or a date."""
    return min(float(given), MOST_WAIT) if given.isascii() and given.isdigit() else None
