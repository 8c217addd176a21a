"""`/tilth`: what the bot is, and help that lists only what the caller may do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import Connection

from bot.chat import help as helping
from bot.chat.cards import Card
from bot.chat.menu import Command, Kind, Menu, Option
from bot.feature import Answerer, Ask, Feature, Whose


def feature(menu: Callable[[], Menu]) -> Feature:
    """Help. `menu` is asked when somebody wants to read it, because all features together make it."""

    async def overview(ask: Ask) -> Card:
        return helping.help_card(menu(), ask.role, ask.text("topic"))

    return Feature(
        name="guide",
        forget=_nothing,
        hand_over=_none,
        nouns={"tilth": "What I can do"},
        commands=(
            Answerer(Command("tilth", "", "What I can do"), overview),
            Answerer(
                Command(
                    "tilth", "help", "What I can do, or how one command works",
                    (Option("topic", "A command, like reflect answer", Kind.TEXT),),
                    examples=("/tilth help reflect answer",),
                ),
                overview,
            ),
        ),
        examples=helping.examples,
    )  # fmt: skip


def _nothing(_conn: Connection, _whose: Whose) -> None:
    """Help remembers nobody."""


def _none(_conn: Connection, _whose: Whose) -> Mapping[str, list[dict[str, object]]]:
    return {}
