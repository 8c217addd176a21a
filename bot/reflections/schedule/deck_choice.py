"""The decks that a schedule draws from, as somebody names them in its `deck` option."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from bot.chat.language import N_, _
from bot.chat.menu import Option
from bot.chat.models import Refusal
from bot.feature import Request
from bot.reflections.prompts import bank

DECKS = Option("deck", N_("Which deck, or several with commas, in the order to use them"), completes=True)


def name_decks(decks: Sequence[str], tag: str = "") -> str:
    """The decks in the order in which they are drawn from, and the tag of their prompts."""
    said, *more = decks
    for deck in more:
        said = _("{decks}, then {deck}", decks=said, deck=deck)
    return _("{decks} with #{tag}", decks=said, tag=tag) if tag else said


def read_decks(conn: Connection, request: Request, values: Mapping[str, object]) -> tuple[str, ...]:
    """The decks that were asked for, the most important first; without any, the community's first."""
    known = bank.count_by_deck(conn, request.community.id)
    given = str(values.get("deck") or "")
    wanted = tuple(dict.fromkeys(one.strip().lower() for one in given.split(",") if one.strip()))
    if not known:
        fix = _("`/prompt add` or `/prompt import` makes one.")
        raise Refusal(_("There is no deck of prompts."), fix, request.line)
    for one in wanted:
        if one not in known:
            fix = _("Decks: {decks}.", decks=", ".join(known))
            raise Refusal(_("There is no deck {deck}.", deck=one), fix, request.line)
    return wanted or (next(iter(known)),)
