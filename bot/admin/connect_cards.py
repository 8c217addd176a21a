"""The cards and the form of connecting two spaces to one community."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.chat.cards import Button, Buttons, Card, Heading, Markdown, Moment, Note, compose, say
from bot.chat.forms import Form, Hint, ShortText
from bot.chat.language import N_, _
from bot.people.link_codes import TRIES

ENTER, CONNECT, DROP = "tilth.connect.enter", "tilth.connect.join", "tilth.connect.drop"
CODE = 60
"""Characters of a code with everything that people put between its letters."""
TITLE = N_("Connect another space")


def _enter_button() -> Buttons:
    return Buttons((Button(_("Enter a code"), opens=ENTER),))


def code_card(code: str, until: datetime, zone: str) -> Card:
    """A new code."""
    return say(
        _(TITLE),
        Heading(_(TITLE)),
        Markdown(compose(_("Your code is **{code}**. It works once, until {when}."), code=code, when=Moment(until, zone))),
        Markdown(_("In the other space, an admin writes `/tilth connect` with this code, or presses **Enter a code** there.")),
        _enter_button(),
        Note(_("Both spaces become one community. One of them must have no data yet, such as prompts, answers or teams.")),
    )  # fmt: skip


def no_code_card() -> Card:
    """The same to somebody who made too many codes within the hour."""
    words = _(
        "You made {count} codes within an hour. Use the last one, or try again in an hour.", count=TRIES
    )
    return say(_("No new code now"), Markdown(words), _enter_button())


def enter_form() -> Form:
    """The form that asks for a code."""
    return Form(
        ENTER, _(TITLE),
        (
            Hint(_("An admin of the other space writes /tilth connect there, and sees a code.")),
            ShortText("code", _("The code"), limit=CODE),
        ),
        submit=_("Go on"),
    )  # fmt: skip


def confirm_card(code: str, moving: str, into: str) -> Card:
    """What connecting does, before it is done: `moving` is a space, `into` a community."""
    return say(
        _("Connect these two spaces?"),
        Heading(_("Connect these two spaces?")),
        Markdown(
            _(
                "**{space}** becomes part of the community **{community}**. Its members, moderators and admins share the "
                "prompts, teams and courses of that community from now on. Its own settings go back to the defaults.",
                space=moving,
                community=into,
            )
        ),
        Buttons(
            (
                Button(_("Connect"), does=CONNECT, value=code, style="main"),
                Button(_("Cancel"), does=DROP),
            )
        ),
        Note(_("This cannot be undone in chat.")),
    )


def connected_card(moving: str, into: str) -> Card:
    """To both admins."""
    return say(
        _("The spaces are connected"),
        Heading(_("The spaces are connected")),
        Markdown(
            _(
                "**{space}** is part of the community **{community}** now. Somebody with an account in both writes `/my link`.",
                space=moving,
                community=into,
            )
        ),
    )


def examples() -> tuple[Card, ...]:
    """Every card of this module."""
    code, at = "ABCD-EFGH-IJKL-MNOP-QRST-UVWX-YZ", datetime(2026, 10, 5, 8, 10, tzinfo=UTC)
    return (
        code_card(code, at, "Europe/Dublin"), no_code_card(), confirm_card(code, "Hill School", "Harbour"),
        connected_card("Hill School", "Harbour"),
    )  # fmt: skip
