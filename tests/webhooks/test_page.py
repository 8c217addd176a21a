"""The page about webhooks is true: each event with the shape it has, and a way to check signatures that works."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import pytest

from bot.discussions.webhook_event import draw_discussion
from bot.webhooks.events import list_kinds
from bot.webhooks.signatures import derive_secret, sign_delivery, write_secret
from tests.house.pages import ROOT, blocks_of

KINDS = list_kinds(draw_discussion)
PAGE = ROOT / "docs" / "integrations.md"
DOCUMENTED = {
    found["type"]: found
    for block in blocks_of(PAGE)
    if block.language == "json"
    for found in [json.loads(block.text)]
}
"""An example of each event, as the page shows it; the stories hold what is sent to the names in it."""


def test_each_event_is_on_the_page_in_its_version():
    assert {name: one["version"] for name, one in DOCUMENTED.items()} == {
        name: kind.version for name, kind in KINDS.items()
    }
    table = PAGE.read_text()
    assert [name for name in KINDS if f"| `{name}` |" not in table] == []


@pytest.mark.parametrize("name", list(KINDS))
def test_an_example_has_the_frame(name):
    assert set(DOCUMENTED[name]) == {"type", "version", "timestamp", "community", "data"}


def test_the_check_of_the_page_takes_what_is_signed_and_nothing_else():
    [block] = [one for one in blocks_of(PAGE) if one.language == "python"]
    scope: dict = {}
    exec(block.text, scope)  # noqa: S102 - our own page
    secret, body = derive_secret(b"k" * 32, "ab" * 16), b'{"type": "webhook.test"}'
    now = datetime.fromtimestamp(time.time(), UTC)
    headers = dict(sign_delivery([secret], "msg_1", now, body))
    check = scope["is_from_tilth"]
    assert check(write_secret(secret), headers, body)
    assert not check(write_secret(secret), headers, body + b" ")
    assert not check(write_secret(derive_secret(b"k" * 32, "cd" * 16)), headers, body)
    old = dict(sign_delivery([secret], "msg_1", datetime(2026, 1, 1, tzinfo=UTC), body))
    assert not check(write_secret(secret), old, body)
