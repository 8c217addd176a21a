"""The decks that a schedule draws from, as somebody names them in its `deck` option."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from bot.chat.language import N_
from bot.chat.menu import Option
from bot.chat.models import Refusal
from bot.feature import Request
from bot.reflections.prompts import bank

DECKS = Option("deck", N_("Which deck; several with commas, the first comes first"), completes=True)


def read_decks(conn: Connection, request: Request, values: Mapping[str, object]) -> tuple[str, ...]:
    """The decks that were asked for, the most important first; without any, the community's first."""
    known = bank.count_by_deck(conn, request.community.id)
    given = str(values.get("deck") or "")
    wanted = tuple(dict.fromkeys(one.strip().lower() for one in given.split(",") if one.strip()))
    if not known:
        fix = "`/prompt add` or `/prompt import` makes one."
        raise Refusal("There is no deck of prompts.", fix, request.line)
    for one in wanted:
        if one not in known:
            raise Refusal(f"I know no deck {one}.", f"Decks: {', '.join(known)}.", request.line)
    return wanted or (next(iter(known)),)
