"""The cards and the form of linking two accounts of one person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.chat.cards import Block, Button, Buttons, Card, Heading, Markdown, Moment, Note, say
from bot.chat.forms import Form, Hint, ShortText
from bot.people.link_codes import TRIES

ENTER, JOIN, DROP, UNLINK = "my.link.enter", "my.link.join", "my.link.drop", "my.unlink"
CODE = 60
"""Characters of a code with everything that people put between its letters."""
TRUST = (
    "Enter only a code that you made yourself: both accounts will see the same answers, courses and settings."
)


def code_card(code: str, until: datetime, zone: str, linked: Sequence[tuple[int, str]]) -> Card:
    """A new code, and the accounts that are linked already as (link, account)."""
    blocks: list[Block] = [
        Heading("Link another account"),
        Markdown(("Your code is ", f"**{code}**", ". It works once, until ", Moment(until, zone), ".")),
        Markdown("On your other account, write `/my link` with this code, or press **Enter a code** there."),
        Buttons((Button("Enter a code", opens=ENTER),)),
    ]
    return say("Link another account", *blocks, *_linked_blocks(linked), Note(TRUST))


def no_code_card(linked: Sequence[tuple[int, str]]) -> Card:
    """The same to somebody who made too many codes within the hour."""
    return say(
        "No new code now",
        Markdown(f"You made {TRIES} codes within an hour. Use the last one, or try again in an hour."),
        Buttons((Button("Enter a code", opens=ENTER),)),
        *_linked_blocks(linked),
    )


def _linked_blocks(linked: Sequence[tuple[int, str]]) -> list[Block]:
    if not linked:
        return []
    buttons = tuple(Button(f"Unlink {name}"[:75], does=UNLINK, value=f"l{link}") for link, name in linked)
    names = "\n".join(f"- {name}" for _, name in linked)
    rows = (Buttons(buttons[at : at + 5]) for at in range(0, len(buttons), 5))
    return [Markdown(f"Linked with you now:\n{names}"), *rows]


def enter_form() -> Form:
    """The form that asks for a code."""
    return Form(
        ENTER, "Link another account",
        (
            Hint(f"Write /my link on your other account, and it shows you a code. {TRUST}"),
            ShortText("code", "The code", limit=CODE),
        ),
        submit="Go on",
    )  # fmt: skip


def confirm_card(code: str, name: str) -> Card:
    """What linking does, before it is done. `name` is the account whose code was entered."""
    return say(
        "Link these two accounts?",
        Heading("Link these two accounts?"),
        Markdown(
            f"The code belongs to **{name}**. That account and this one become one member: both see the same answers, "
            "courses, teams and settings. Where your settings differ, the more private one holds."
        ),
        Buttons((Button("Link", does=JOIN, value=code, style="main"), Button("Cancel", does=DROP))),
        Note("If that is not your own account, press Cancel. You can unlink at any time."),
    )


def linked_card(name: str, link_id: int) -> Card:
    """To either account: `name` is the other one."""
    return say(
        "Your accounts are linked",
        Heading("Your accounts are linked"),
        Markdown(
            f"**{name}** and this account are one member now. If you did not do this, press **Unlink**: each account gets "
            "back what it brought."
        ),
        Buttons((Button("Unlink", does=UNLINK, value=f"l{link_id}"),)),
        Note("/my link shows your accounts. /my data delete erases what belongs to both."),
    )


def unlinked_card(name: str) -> Card:
    """To either account: `name` is the other one."""
    return say(
        "Your accounts are unlinked",
        Heading("Your accounts are unlinked"),
        Markdown(f"**{name}** and this account are two members again. Each has what it brought."),
        Note("Settings that you changed while they were linked hold for both."),
    )


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    at = datetime(2026, 10, 5, 8, 10, tzinfo=UTC)
    code, name = "ABCD-EFGH-IJKL-MNOP-QRST-UVWX-YZ", "Ada Quinn (Harbour School)"
    return (
        code_card(code, at, "Europe/Dublin", []), code_card(code, at, "Europe/Dublin", [(3, name)]),
        no_code_card([]), confirm_card(code, name), linked_card(name, 3), unlinked_card(name),
    )  # fmt: skip
