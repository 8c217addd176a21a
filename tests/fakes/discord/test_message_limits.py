"""A message at Discord's limits is taken, one over them is refused where it is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.discord.errors import DiscordError
from tests.fakes.discord.message_limits import check_edit, check_new
from tests.fakes.discord.samples import (
    V2,
    box,
    button,
    gallery,
    options,
    refused,
    row,
    section,
    select,
    text,
    v2,
)
from tests.fakes.discord.world import Message

FIRST = "components.0.components.0"


def link(url: str, **more: Any) -> dict[str, Any]:
    return {"type": 2, "style": 5, "label": "Go", "url": url, **more}


def in_row(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"content": "x", "components": [row(*parts)]}


FILES = [{"name": "files[0]", "filename": "chart.png", "data": b"x"}]
FINE: list[dict[str, Any]] = [
    {"content": "x" * 2000},
    {"content": "x", "nonce": "n" * 25},
    {"content": "x", "embeds": [{"title": "x" * 256, "description": "y" * 4096}]},
    {"content": "x", "components": [row(*[button(f"{r}{n}") for n in range(5)]) for r in range(5)]},
    {"content": "x", "components": [row(select(25))]},
    {"content": "x", "allowed_mentions": {"parse": ["users"], "roles": ["1"], "replied_user": False}},
    v2(*[text(100) for _ in range(40)]),
    v2(box(*[text(1) for _ in range(39)])),
    v2(row(button(label="x" * 80, custom_id="y" * 100))),
    v2(gallery(10, description="d" * 1024)),
    v2(gallery(1, "attachment://chart.png"), {"type": 13, "file": {"url": "attachment://chart.png"}}),
    v2(
        section(button()), section({"type": 11, "media": {"url": "https://example.org/a.png"}}, *[text()] * 3)
    ),
    v2({"type": 14, "spacing": 2}, text()),
    v2(row({"type": 2, "style": 5, "label": "Go", "url": "https://example.org"})),
]
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"content": "x", "flags": "4"}, "flags"),
    ({"content": "x", "nonce": True}, "nonce"),
    ({"content": "x", "embeds": [{"footer": {"text": "x" * 2049}}]}, "embeds.0.footer.text"),
    ({"content": "x", "embeds": [{"fields": [{"name": "n", "value": "v"}] * 26}]}, "embeds.0.fields"),
    ({"content": "x", "embeds": [{"fields": [{"name": "", "value": "v"}]}]}, "embeds.0.fields.0.name"),
    (
        {"content": "x", "embeds": [{"fields": [{"name": "n", "value": "v" * 1025}]}]},
        "embeds.0.fields.0.value",
    ),
    ({"content": "x", "attachments": [{"id": 0, "filename": ""}]}, "attachments.0.filename"),
    (in_row(text()), f"{FIRST}.type"),
    (in_row(link("https://example.org/" + "x" * 500)), f"{FIRST}.url"),
    (in_row(link("javascript:1")), f"{FIRST}.url"),
    (in_row(link("https://example.org", custom_id="c")), FIRST),
    (in_row(select(custom_id="")), f"{FIRST}.custom_id"),
    (in_row(select(min_values=26)), f"{FIRST}.min_values"),
    (in_row(select(25, max_values=0)), f"{FIRST}.max_values"),
    (in_row({**select(0), "options": options(2, default=True)}), f"{FIRST}.options"),
    (in_row({"type": 5, "custom_id": "u", "default_values": [{}, {}]}), f"{FIRST}.default_values"),
    (in_row({**select(0), "options": options(1, value="v" * 101)}), f"{FIRST}.options.0.value"),
    (in_row({**select(0), "options": options(1, description="d" * 101)}), f"{FIRST}.options.0.description"),
    (v2({"type": 13, "file": {"url": "chart.png"}}), "components.0.file.url"),
    (v2(section(button(label="x" * 81))), "components.0.accessory.label"),
    (
        v2(section({"type": 11, "media": {"url": "attachment://other.png"}})),
        "components.0.accessory.media.url",
    ),
    (v2(gallery(1, description="d" * 1025)), "components.0.items.0.description"),
    ({"content": "x" * 2001}, "content"),
    ({"content": 5}, "content"),
    ({"content": "x", "nonce": "n" * 26}, "nonce"),
    ({"content": "x", "embeds": [{"title": "x" * 257}]}, "embeds.0.title"),
    ({"content": "x", "embeds": [{"description": "x" * 4000}] * 2}, "embeds"),
    ({"content": "x", "embeds": [{"title": "x"}] * 11}, "embeds"),
    ({"content": "x", "components": [row(button(n)) for n in range(6)]}, "components"),
    ({"content": "x", "components": [row(*[button(n) for n in range(6)])]}, "components.0.components"),
    ({"content": "x", "components": [row(select(), button())]}, "components.0.components"),
    ({"content": "x", "components": [text()]}, "components.0.type"),
    ({"content": "x", "components": [row(select(26))]}, "components.0.components.0.options"),
    ({"content": "x", "components": [row(select(0))]}, "components.0.components.0.options"),
    ({"content": "x", "components": [row(select(2, max_values=3))]}, "components.0.components.0.max_values"),
    (
        {"content": "x", "components": [row(select(2, placeholder="p" * 151))]},
        "components.0.components.0.placeholder",
    ),
    (
        {"content": "x", "components": [row({**select(0), "options": options(2, value="same")})]},
        "components.0.components.0.options.1.value",
    ),
    (
        {"content": "x", "components": [row({**select(0), "options": options(1, label="l" * 101)})]},
        "components.0.components.0.options.0.label",
    ),
    ({"content": "x", "components": [row(button(label="x" * 81))]}, "components.0.components.0.label"),
    ({"content": "x", "components": [row(button(label=None))]}, "components.0.components.0"),
    (
        {"content": "x", "components": [row(button(custom_id="y" * 101))]},
        "components.0.components.0.custom_id",
    ),
    ({"content": "x", "components": [row(button(custom_id=None))]}, "components.0.components.0.custom_id"),
    ({"content": "x", "components": [row(button(style=7))]}, "components.0.components.0.style"),
    (
        {"content": "x", "components": [row({"type": 2, "style": 5, "label": "Go"})]},
        "components.0.components.0.url",
    ),
    (
        {"content": "x", "components": [row(button(url="https://example.org"))]},
        "components.0.components.0.url",
    ),
    ({"content": "x", "components": [row(button(), button())]}, "components.0.components.1.custom_id"),
    ({"content": "x", "components": [row()]}, "components.0.components"),
    ({"content": "x", "allowed_mentions": {"parse": ["all"]}}, "allowed_mentions.parse.0"),
    ({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, "allowed_mentions"),
    ({"content": "x", "allowed_mentions": {"roles": ["1"] * 101}}, "allowed_mentions.roles"),
    ({"content": "x", "allowed_mentions": {"roles": ["me"]}}, "allowed_mentions.roles"),
    ({"content": "x", "allowed_mentions": []}, "allowed_mentions"),
    ({"content": "x", "attachments": [{"id": 0, "description": "d" * 1025}]}, "attachments.0.description"),
    (v2(text(), content="x"), "content"),
    (v2(text(), embeds=[{"title": "x"}]), "embeds"),
    (v2(*[text(1) for _ in range(41)]), "components"),
    (v2(box(*[text(1) for _ in range(39)]), text()), "components"),
    (v2(text(4000), text(1)), "components"),
    (v2(text(0)), "components.0.content"),
    (v2(box(box(text()))), "components.0.components.0.type"),
    (v2(box()), "components.0.components"),
    (v2(gallery(11)), "components.0.items"),
    (v2(gallery(1, "attachment://other.png")), "components.0.items.0.media.url"),
    (v2(gallery(1, "chart.png")), "components.0.items.0.media.url"),
    (v2({"type": 13, "file": {"url": "attachment://other.csv"}}), "components.0.file.url"),
    (v2(section(None)), "components.0.accessory"),
    (v2(section(text())), "components.0.accessory.type"),
    (v2(section(button(), *[text()] * 4)), "components.0.components"),
    (v2({"type": 14, "spacing": 3}), "components.0.spacing"),
    (v2(text(id=4), text(id=4)), "components.1.id"),
    (v2(text(), button()), "components.1.type"),
]


@pytest.mark.parametrize("body", FINE, ids=range(len(FINE)))
def test_a_message_at_its_limits_is_taken(body):
    check_new(body, FILES)


@pytest.mark.parametrize(("body", "where"), WRONG, ids=[f"{n}-{w}" for n, (_, w) in enumerate(WRONG)])
def test_a_message_over_a_limit_is_refused_where_it_is_wrong(body, where):
    with pytest.raises(DiscordError) as error:
        check_new(body, FILES)
    assert refused(error) == {where}


@pytest.mark.parametrize("body", [{}, {"content": "  "}, {"flags": V2}, {"flags": V2, "components": []}])
def test_an_empty_message_is_refused(body):
    with pytest.raises(DiscordError) as error:
        check_new(body, [])
    assert error.value.code == 50006


def test_too_many_or_too_large_files_are_refused():
    with pytest.raises(DiscordError) as error:
        check_new({"content": "x"}, FILES * 11)
    assert refused(error) == {"attachments"}
    with pytest.raises(DiscordError) as error:
        check_new({"content": "x"}, [{**FILES[0], "data": b"x" * (10 * 1024 * 1024 + 1)}])
    assert (error.value.status, error.value.code) == (413, 40005)


def test_components_v2_cannot_be_taken_back_by_an_edit():
    new = Message(1, 1, 1, flags=V2, components=[text()])
    check_edit({"components": [text()]}, [], new)
    for body, where in (({"content": "x"}, "content"), ({"flags": 0}, "flags")):
        with pytest.raises(DiscordError) as error:
            check_edit(body, [], new)
        assert refused(error) == {where}
    old = Message(1, 1, 1, content="words")
    check_edit({"content": None, "flags": V2, "components": [text()]}, [], old)
    with pytest.raises(DiscordError) as error:
        check_edit({"flags": V2, "components": [text()]}, [], old)
    assert refused(error) == {"content"}
    with pytest.raises(DiscordError) as error:
        check_edit({"content": ""}, [], old)
    assert error.value.code == 50006


def test_an_edit_keeps_to_the_same_limits():
    old = Message(1, 1, 1, content="words", attachments=[{"id": "7", "filename": "kept.png"}])
    picture = {"flags": V2, "content": None, "components": [gallery(1, "attachment://kept.png")]}
    check_edit(picture, [], old)
    for body, where in (
        ({"content": "x" * 2001}, "content"),
        ({"components": [row(button(label="x" * 81))]}, "components.0.components.0.label"),
        (picture | {"attachments": []}, "components.0.items.0.media.url"),
    ):
        with pytest.raises(DiscordError) as error:
            check_edit(body, [], old)
        assert refused(error) == {where}
