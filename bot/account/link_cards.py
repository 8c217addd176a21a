"""The cards and the form of linking two accounts of one person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.chat.cards import Block, Button, Buttons, Card, Heading, Markdown, Moment, Note, compose, say
from bot.chat.forms import Form, Hint, ShortText
from bot.chat.language import N_, _
from bot.people.link_codes import TRIES

ENTER, JOIN, DROP, UNLINK = "my.link.enter", "my.link.join", "my.link.drop", "my.unlink"
CODE = 60
"""Characters of a code with everything that people put between its letters."""
TRUST = N_(
    "Enter only a code that you made yourself: both accounts will see the same answers, courses and settings."
)


def code_card(code: str, until: datetime, zone: str, linked: Sequence[tuple[int, str]]) -> Card:
    """A new code, and the accounts that are linked already as (link, account)."""
    blocks: list[Block] = [
        Heading(_("Link another account")),
        Markdown(
            compose(
                _("Your code is **{code}**. It works once, until {until}."),
                code=code,
                until=Moment(until, zone),
            )
        ),
        Markdown(
            _("On your other account, write `/my link` with this code, or press **Enter a code** there.")
        ),
        Buttons((Button(_("Enter a code"), opens=ENTER),)),
    ]
    return say(_("Link another account"), *blocks, *_linked_blocks(linked), Note(_(TRUST)))


def no_code_card(linked: Sequence[tuple[int, str]]) -> Card:
    """The same to somebody who made too many codes within the hour."""
    return say(
        _("No new code now"),
        Markdown(
            _(
                "You made {tries} codes within an hour. Use the last one, or try again in an hour.",
                tries=TRIES,
            )
        ),
        Buttons((Button(_("Enter a code"), opens=ENTER),)),
        *_linked_blocks(linked),
    )


def _linked_blocks(linked: Sequence[tuple[int, str]]) -> list[Block]:
    if not linked:
        return []
    buttons = tuple(Button(f"Unlink {name}"[:75], does=UNLINK, value=f"l{link}") for link, name in linked)
    names = "\n".join(f"- {name}" for _unused, name in linked)
    rows = (Buttons(buttons[at : at + 5]) for at in range(0, len(buttons), 5))
    return [Markdown(_("Linked with you now:\n{names}", names=names)), *rows]


def enter_form() -> Form:
    """The form that asks for a code."""
    return Form(
        ENTER, _("Link another account"),
        (
            Hint(_("Write /my link on your other account, and it shows you a code. {trust}", trust=_(TRUST))),
            ShortText("code", _("The code"), limit=CODE),
        ),
        submit=_("Go on"),
    )  # fmt: skip


def confirm_card(code: str, name: str) -> Card:
    """What linking does, before it is done. `name` is the account whose code was entered."""
    return say(
        _("Link these two accounts?"),
        Heading(_("Link these two accounts?")),
        Markdown(
            _(
                "The code belongs to **{name}**. That account and this one become one member: both see the "
                "same answers, courses, teams and settings. Where your settings differ, the more private one "
                "holds.",
                name=name,
            )
        ),
        Buttons((Button(_("Link"), does=JOIN, value=code, style="main"), Button(_("Cancel"), does=DROP))),
        Note(_("If that is not your own account, press Cancel. You can unlink at any time.")),
    )


def linked_card(name: str, link_id: int) -> Card:
    """To either account: `name` is the other one."""
    return say(
        _("Your accounts are linked"),
        Heading(_("Your accounts are linked")),
        Markdown(
            _(
                "**{name}** and this account are one member now. If you did not do this, press **Unlink**: "
                "each account gets back what it brought.",
                name=name,
            )
        ),
        Buttons((Button(_("Unlink"), does=UNLINK, value=f"l{link_id}"),)),
        Note(_("/my link shows your accounts. /my data delete erases what belongs to both.")),
    )


def unlinked_card(name: str) -> Card:
    """To either account: `name` is the other one."""
    return say(
        _("Your accounts are unlinked"),
        Heading(_("Your accounts are unlinked")),
        Markdown(
            _("**{name}** and this account are two members again. Each has what it brought.", name=name)
        ),
        Note(_("Settings that you changed while they were linked hold for both.")),
    )


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    at = datetime(2026, 10, 5, 8, 10, tzinfo=UTC)
    code, name = "ABCD-EFGH-IJKL-MNOP-QRST-UVWX-YZ", "Ada Quinn (Harbour School)"
    return (
        code_card(code, at, "Europe/Dublin", []), code_card(code, at, "Europe/Dublin", [(3, name)]),
        no_code_card([]), confirm_card(code, name), linked_card(name, 3), unlinked_card(name),
    )  # fmt: skip
