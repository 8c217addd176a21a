"""What the Web API is asked and how it answers: arguments, errors, pages, the table of methods."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack
    from tests.fakes.slack.world import Json


class SlackError(Exception):
    """An answer with `ok: false`."""

    def __init__(self, code: str, messages: Sequence[str] = (), **extra: Any) -> None:
        super().__init__(code)
        self.body: Json = {"ok": False, "error": code, **extra}
        if messages:
            self.body["errors"] = [message.removeprefix("[ERROR] ") for message in messages]
            self.body["response_metadata"] = {"messages": list(messages)}


class Args(dict[str, Any]):
    """The merged arguments of a request: strings from queries and forms, anything from JSON."""

    def text(self, name: str, otherwise: str = "") -> str:
        value = self.get(name)
        return otherwise if value is None else str(value)

    def need(self, name: str) -> str:
        if not self.text(name):
            raise SlackError("invalid_arguments", [f"[ERROR] missing required field: {name}"])
        return self.text(name)

    def flag(self, name: str, otherwise: bool = False) -> bool:
        if self.get(name) is None:
            return otherwise
        return str(self[name]).lower() in ("1", "true")

    def number(self, name: str, otherwise: int) -> int:
        try:
            return int(self.get(name) or otherwise)
        except ValueError:
            raise SlackError("invalid_arguments", [f"[ERROR] {name} must be an integer"]) from None

    def parsed(self, name: str) -> Any:
        """A JSON value, given as such or as a string; None where it is left out."""
        value = self.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(f"invalid_{name}_format" if name == "blocks" else "invalid_arguments") from None

    def listed(self, name: str) -> list[str]:
        """Comma-separated or a JSON list."""
        value = self.get(name)
        if isinstance(value, list):
            return [str(v) for v in value]
        return [part.strip() for part in str(value or "").split(",") if part.strip()]


async def read_args(request: web.Request) -> Args:
    """Query, then body; later wins."""
    args = Args(request.query)
    if request.method == "POST" and request.body_exists:
        if request.content_type == "application/json":
            body = json.loads(await request.text() or "{}")
            args.update({k: v for k, v in body.items() if v is not None})
        elif request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
            for name, value in (await request.post()).items():
                args[name] = value.file.read() if isinstance(value, web.FileField) else value
    return args


def page(args: Args, items: Sequence[Any], otherwise: int = 100, most: int = 1000) -> tuple[list[Any], Json]:
    """The page a request asks for, and what says where the next begins."""
    limit = args.number("limit", otherwise)
    if limit < 1:
        raise SlackError("invalid_limit")
    limit = min(limit, most)
    start = 0
    if cursor := args.text("cursor"):
        try:
            start = int(base64.b64decode(cursor).removeprefix(b"next:"))
        except ValueError:
            raise SlackError("invalid_cursor") from None
    end = start + limit
    following = base64.b64encode(b"next:%d" % end).decode() if end < len(items) else ""
    return list(items[start:end]), {"response_metadata": {"next_cursor": following}}


Answering = Callable[["FakeSlack", Args], Any]
"""Takes the server and the arguments; the answer without `ok`, or an awaitable of it."""

METHODS: dict[str, tuple[Answering, tuple[str, ...]]] = {}
"""Every method with the scopes of which the app needs one. Those that depend on the channel ask by themselves."""


def method(name: str, *scopes: str) -> Callable[[Answering], Answering]:
    def keep(answering: Answering) -> Answering:
        METHODS[name] = (answering, scopes)
        return answering

    return keep
