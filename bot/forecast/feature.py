"""`/prompt preview` and `/discuss preview`: the weeks ahead, as they will be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.menu import Command, Kind, Option
from bot.chat.models import Refusal, Role
from bot.feature import Answerer, Ask, Feature, Whose
from bot.forecast import views
from bot.forecast.year import foretells, look
from bot.store.store import Store

WEEKS, MOST_WEEKS = 6, 60


NOUNS = ("prompt", "discuss")


def feature(store: Store, features: Sequence[Feature]) -> Feature:
    """The preview, under the nouns of those features that plan something."""
    nouns = [noun for noun in NOUNS if any(noun in one.nouns for one in features)]
    told = foretells(features)

    async def preview(ask: Ask) -> Card:
        given = ask.number("weeks")
        weeks = WEEKS if given is None else given
        if not 1 <= weeks <= MOST_WEEKS:
            raise Refusal(f"I look ahead 1 to {MOST_WEEKS} weeks.", "Try weeks:6.", ask.line)
        until = ask.now + timedelta(weeks=weeks)

        def see(conn: Connection) -> Card:
            return views.card(look(conn, ask.community, ask.now, until, told), weeks)

        return await store.read(see)

    weeks = Option("weeks", "How many weeks ahead", Kind.NUMBER)
    return Feature(
        name="outlook",
        forget=_nothing,
        hand_over=_none,
        commands=tuple(
            Answerer(
                Command(noun, "preview", "Everything that comes, clashes and clock changes", (weeks,), Role.MODERATOR),
                preview,
            )
            for noun in nouns
        ),
        examples=views.examples,
    )  # fmt: skip


def _nothing(_conn: Connection, _whose: Whose) -> None:
    """Looking ahead remembers nobody."""


def _none(_conn: Connection, _whose: Whose) -> Mapping[str, list[dict[str, object]]]:
    return {}
