"""The Events API: signed requests to the app's own address, for events, commands and interactions."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import aiohttp

from tests.fakes.slack.delivery import Ack

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack
    from tests.fakes.slack.world import Json

REASONS = {"timeout": "http_timeout", "error": "http_error", "refused": "connection_failed"}


class OverHttp:
    """Sends as Slack sends: JSON for events, forms for the rest, signed with the app's secret.

    `skew` (seconds) and `secret` can be changed by a test, to send what must be refused.
    """

    def __init__(self, slack: FakeSlack, url: str, ack_seconds: float) -> None:
        self.slack = slack
        self.url = url
        self.ack_seconds = ack_seconds
        self.skew = 0.0
        self.secret = slack.signing_secret
        self.last_status = 0

    async def start(self) -> None:
        timeout = aiohttp.ClientTimeout(total=self.ack_seconds)
        self._session = aiohttp.ClientSession(timeout=timeout)

    async def stop(self) -> None:
        await self._session.close()

    async def verify(self) -> bool:
        """Ask the address for the challenge, as when it is entered into the app's settings."""
        challenge = secrets.token_hex(16)
        body = {"token": self.slack.verification_token, "challenge": challenge, "type": "url_verification"}
        ack = await self._post(json.dumps(body).encode(), "application/json", {})
        return ack.ok and (ack.body == challenge or ack.body == {"challenge": challenge})

    async def send(self, kind: str, payload: Json, attempt: int, reason: str) -> Ack:
        headers = {}
        if attempt:
            headers = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": REASONS.get(reason, reason)}
        if kind == "events_api":
            return await self._post(json.dumps(payload).encode(), "application/json", headers)
        fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
        return await self._post(urlencode(fields).encode(), "application/x-www-form-urlencoded", headers)

    async def _post(self, body: bytes, content_type: str, headers: dict[str, str]) -> Ack:
        stamp = str(int(time.time() + self.skew))
        digest = hmac.new(self.secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256)
        headers = headers | {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={digest.hexdigest()}",
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }
        started = time.monotonic()
        try:
            async with self._session.post(self.url, data=body, headers=headers) as response:
                return self._ack(response, await response.text(), time.monotonic() - started)
        except TimeoutError:
            return Ack(False, seconds=time.monotonic() - started, reason="timeout")
        except aiohttp.ClientError:
            return Ack(False, seconds=time.monotonic() - started, reason="refused")

    def _ack(self, response: aiohttp.ClientResponse, text: str, seconds: float) -> Ack:
        self.last_status = response.status
        again = response.headers.get("X-Slack-No-Retry") != "1"
        if not 200 <= response.status < 300:
            return Ack(False, text, seconds, "error", again)
        delivery = self.slack.delivery
        if delivery.acks_to_lose:
            delivery.acks_to_lose -= 1
            return Ack(False, seconds=seconds, reason="timeout")
        body: Any = text or None
        if response.content_type == "application/json" and text:
            body = json.loads(text)
        return Ack(True, body, seconds)
