"""What a person reads, and whom a message would really notify."""

from __future__ import annotations

from datetime import UTC, datetime

import discord
import pytest
from discord import ui

from tests.fakes.discord import reading
from tests.fakes.discord.markup import plain

NAMES = {"1": "Ana", "2": "plots", "3": "teachers"}
AT = int(datetime(2026, 10, 5, 7, 0, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (f"<t:{AT}:F>", "Monday 5 October 2026 at 09:00"),
        (f"<t:{AT}:f> <t:{AT}>", "5 October 2026 at 09:00 5 October 2026 at 09:00"),
        (f"<t:{AT}:D>, <t:{AT}:d>", "5 October 2026, 05/10/2026"),
        (f"<t:{AT}:t> <t:{AT}:T>", "09:00 09:00:00"),
        (f"<t:{AT + 3 * 86400}:R>", "in 3 days"),
        (f"<t:{AT - 3600}:R>", "an hour ago"),
        ("<@1> <@!1> <@&3> <#2> <@9>", "@Ana @Ana @teachers #plots @unknown-user"),
        ("</reflect answer:123> <:leaf:4>", "/reflect answer :leaf:"),
        (r"2 \* 3 \_x\_ \<@1\> \# no", "2 * 3 _x_ <@1> # no"),
        ("**bold** *slanted* _too_ __under__ ~~gone~~ ||hush||", "bold slanted too under gone hush"),
        ("***both*** snake_case_name 2*3*4", "both snake_case_name 234"),
        ("# Title\n## Smaller\n-# small print", "Title\nSmaller\nsmall print"),
        ("- one\n* two\n1. three", "• one\n• two\n1. three"),
        (
            "[our page](https://example.org/a_(b)) <https://example.org/x_y_z>",
            "our page https://example.org/x_y_z",
        ),
        ("`**code** <@1>` and ```py\n_x_ = 1\n```", "**code** <@1> and _x_ = 1\n"),
        ("über 🌱 \ue000", "über 🌱 \x00"),
    ],
)
def test_markup_is_read_as_people_see_it(written, read):
    assert plain(written, NAMES, "Europe/Berlin", datetime(2026, 10, 5, 7, 0, tzinfo=UTC)) == read


async def test_a_layout_is_read_line_by_line(d, start):
    channel = d.channel(d.guild())
    client = await start()
    view = ui.LayoutView()
    chart = discord.File(__file__, "chart.png")
    row, choice = ui.ActionRow(), ui.ActionRow()
    row.add_item(ui.Button(label="Answer", emoji="🌱", custom_id="a"))
    row.add_item(ui.Button(label="Closed", custom_id="b", disabled=True))
    choice.add_item(
        ui.Select(custom_id="c", placeholder="Bed", options=[discord.SelectOption(label=x) for x in "AB"])
    )
    view.add_item(
        ui.Container(
            ui.TextDisplay("# What *grew*?\nTell us."),
            ui.Section("Look", accessory=ui.Button(label="Open", url="https://example.org")),
            ui.Section("Small", accessory=ui.Thumbnail(chart, description="a bean")),
            ui.Separator(),
            ui.MediaGallery(discord.MediaGalleryItem(chart, description="three beds")),
            row,
        )
    )
    view.add_item(choice)
    await client.get_channel(channel.id).send(view=view, file=chart)
    (message,) = d.messages(channel)
    assert reading.text(message).splitlines() == [
        "What grew?",
        "Tell us.",
        "Look",
        "[Open]",
        "Small",
        "[picture: a bean]",
        "[picture: three beds]",
        "[🌱 Answer] (Closed)",
        "Bed: A / B",
    ]
    assert reading.title(message) == "What grew?"


def test_the_title_is_the_first_heading_else_the_first_line():
    assert reading.title({"content": "hello\nthere"}) == "hello"
    assert reading.title({"content": "hello\n## **There**"}) == "There"
    assert reading.title({"content": "", "embeds": [{"title": "Embedded"}]}) == "Embedded"
    assert reading.title({"content": ""}) == ""


CALLS = "@everyone @here <@1> <@!2> <@&3>"


@pytest.mark.parametrize(
    ("rules", "live"),
    [
        (None, ("@everyone", "@here", "<@1>", "<@2>", "<@&3>")),
        ({"parse": []}, ()),
        ({"parse": ["users"]}, ("<@1>", "<@2>")),
        ({"parse": [], "roles": ["3"], "users": ["2"]}, ("<@2>", "<@&3>")),
        ({"parse": ["everyone"]}, ("@everyone", "@here")),
    ],
)
def test_everything_pings_unless_it_is_held_back(rules, live):
    more = {} if rules is None else {"allowed_mentions": rules}
    assert reading.live_mentions({"content": CALLS, **more}) == live
    shown = {
        "content": "",
        "components": [{"type": 17, "components": [{"type": 10, "content": CALLS}]}],
        **more,
    }
    assert reading.live_mentions(shown) == live
    assert reading.live_mentions({"content": "", "embeds": [{"description": CALLS}]}) == ()
    assert reading.live_mentions({"content": "@\u200beveryone <@\u200b1>"}) == ()


def test_a_reply_notifies_whom_it_replies_to_unless_told_not_to():
    reply = {"content": "x", "type": 19, "referenced_message": {"author": {"id": "1"}}}
    assert reading.live_mentions(reply) == ("<@1>",)
    assert reading.live_mentions(reply | {"allowed_mentions": {"parse": []}}) == ()
    assert reading.live_mentions(reply | {"allowed_mentions": {"replied_user": True}}) == ("<@1>",)
