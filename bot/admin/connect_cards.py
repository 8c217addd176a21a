"""The cards and the form of connecting two spaces to one community."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.chat.cards import Button, Buttons, Card, Heading, Markdown, Moment, Note, say
from bot.chat.forms import Form, Hint, ShortText
from bot.people.link_codes import TRIES

ENTER, CONNECT, DROP = "tilth.connect.enter", "tilth.connect.join", "tilth.connect.drop"
CODE = 60
"""Characters of a code with everything that people put between its letters."""
_ENTER = Buttons((Button("Enter a code", opens=ENTER),))


def code_card(code: str, until: datetime, zone: str) -> Card:
    """A new code."""
    return say(
        "Connect another space",
        Heading("Connect another space"),
        Markdown(("Your code is ", f"**{code}**", ". It works once, until ", Moment(until, zone), ".")),
        Markdown("In the other space, an admin writes `/tilth connect` with this code, or presses **Enter a code** there."),
        _ENTER,
        Note("Both spaces become one community. One of them must have no data yet, such as prompts, answers or teams."),
    )  # fmt: skip


def no_code_card() -> Card:
    """The same to somebody who made too many codes within the hour."""
    words = f"You made {TRIES} codes within an hour. Use the last one, or try again in an hour."
    return say("No new code now", Markdown(words), _ENTER)


def enter_form() -> Form:
    """The form that asks for a code."""
    return Form(
        ENTER, "Connect another space",
        (
            Hint("An admin of the other space writes /tilth connect there, and sees a code."),
            ShortText("code", "The code", limit=CODE),
        ),
        submit="Go on",
    )  # fmt: skip


def confirm_card(code: str, moving: str, into: str) -> Card:
    """What connecting does, before it is done: `moving` is a space, `into` a community."""
    return say(
        "Connect these two spaces?",
        Heading("Connect these two spaces?"),
        Markdown(
            f"**{moving}** becomes part of the community **{into}**: its members, moderators and admins share the prompts, "
            "teams and courses of that community from now on. Its own settings start anew."
        ),
        Buttons((Button("Connect", does=CONNECT, value=code, style="main"), Button("Cancel", does=DROP))),
        Note("This cannot be undone in chat."),
    )


def connected_card(moving: str, into: str) -> Card:
    """To both admins."""
    return say(
        "The spaces are connected",
        Heading("The spaces are connected"),
        Markdown(f"**{moving}** is part of the community **{into}** now. `/my link` joins the accounts of one person."),
    )  # fmt: skip


def examples() -> tuple[Card, ...]:
    """Every card of this module."""
    code, at = "ABCD-EFGH-IJKL-MNOP-QRST-UVWX-YZ", datetime(2026, 10, 5, 8, 10, tzinfo=UTC)
    return (
        code_card(code, at, "Europe/Dublin"), no_code_card(), confirm_card(code, "Hill School", "Harbour"),
        connected_card("Hill School", "Harbour"),
    )  # fmt: skip
