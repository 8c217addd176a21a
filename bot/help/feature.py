"""`/tilth`: what the bot is, and help that lists only what the caller may do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import Connection

from bot.chat import help as helping
from bot.chat.cards import Card
from bot.chat.menu import Command, Menu, Option, OptionKind
from bot.feature import CommandHandler, DataSubject, Feature, Reads, Request


def feature(menu: Callable[[], Menu]) -> Feature:
    """Help. `menu` is asked when somebody wants to read it, because all features together make it."""

    def show_help(_conn: Connection, request: Request) -> Card:
        return helping.help_card(menu(), request.role, request.text("topic"))

    return Feature(
        name="help",
        forget=_nothing,
        hand_over=_none,
        nouns={"tilth": "What I can do"},
        commands=(
            CommandHandler(Command("tilth", "", "What I can do"), Reads(show_help)),
            CommandHandler(
                Command(
                    "tilth", "help", "What I can do, or how one command works",
                    (Option("topic", "A command, like reflect answer", OptionKind.TEXT),),
                    examples=("/tilth help reflect answer",),
                ),
                Reads(show_help),
            ),
        ),
        examples=helping.examples,
    )  # fmt: skip


def _nothing(_conn: Connection, _whose: DataSubject) -> None:
    """Help remembers nobody."""


def _none(_conn: Connection, _whose: DataSubject) -> Mapping[str, list[dict[str, object]]]:
    return {}
