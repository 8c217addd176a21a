"""`/tilth`: what the bot is, help that lists only what the caller may do, and the buttons of the menu."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy import Connection

from bot.capture.held_messages import find_held, release_held
from bot.chat import help as helping
from bot.chat import talk_cards
from bot.chat.cards import Card
from bot.chat.forms import FieldErrors, Form
from bot.chat.language import N_
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.menu_cards import CHOOSE, FILL, MORE, OPEN, RUN
from bot.chat.models import StaleValue
from bot.chat.parsing.button_values import read_id
from bot.chat.talk_cards import DROP
from bot.command_runner import CommandRunner
from bot.feature import (
    ButtonHandler,
    CommandHandler,
    DataSubject,
    Feature,
    FormHandler,
    Reads,
    Request,
    Waits,
    Writes,
)
from bot.intents.intent import Intent
from bot.store.journal import empty_log_after


def feature(runner: Callable[[], CommandRunner]) -> Feature:
    """Help. `runner` is asked when somebody wants something, because all features together make the menu."""

    def show_help(_conn: Connection, request: Request) -> Card:
        return helping.help_card(runner().menu, request.role, request.text("topic"))

    return Feature(
        name="help",
        forget=(),
        hand_over=_hand_over_nothing,
        nouns={"tilth": N_("What I can do")},
        commands=(
            CommandHandler(Command("tilth", "", N_("What I can do"), label=N_("What I can do")), Reads(show_help)),
            CommandHandler(
                Command(
                    "tilth", "help", N_("What I can do, or how one command works"),
                    (Option("topic", N_("A command, like reflect answer"), OptionKind.TEXT),),
                    examples=("/tilth help reflect answer",), repeats=True,
                ),
                Reads(show_help),
            ),
        ),
        buttons=(*_menu_buttons(runner), ButtonHandler(DROP, Writes(drop_held))),
        forms=_menu_forms(runner),
        wishes={
            Intent.HELP: "/tilth",
            Intent.QUESTION: lambda _conn, _request: talk_cards.question_card(),
            Intent.GREETING: lambda _conn, _request: talk_cards.greeting_card(),
            Intent.THANKS: lambda _conn, _request: talk_cards.thanks_card(),
        },
        examples=helping.examples,
    )  # fmt: skip


def drop_held(conn: Connection, request: Request) -> Card:
    """Hold no longer what somebody wrote: it is not to be saved."""
    held = find_held(
        conn,
        request.community.id,
        (request.person.space, request.person.id),
        read_id(request.value, "h"),
        request.now,
    )
    if held is not None:
        release_held(conn, held.id)
        empty_log_after(conn)
    return replace(talk_cards.dropped_card(), replaces=True)


def _menu_buttons(runner: Callable[[], CommandRunner]) -> tuple[ButtonHandler, ...]:
    async def run(request: Request) -> Card:
        return await runner().press_line(request)

    async def more(request: Request) -> Card:
        return await runner().show_more(request)

    async def choose(request: Request) -> Card:
        return await runner().choose_more(request)

    return tuple(ButtonHandler(id, Waits(do)) for id, do in ((RUN, run), (MORE, more), (CHOOSE, choose)))


def _menu_forms(runner: Callable[[], CommandRunner]) -> tuple[FormHandler, ...]:
    async def open_line(request: Request) -> Form | Card:
        return await runner().open_line(request)

    async def build(request: Request) -> Form | Card:
        return await runner().build_form(request)

    async def submit(request: Request) -> Card | FieldErrors:
        return await runner().submit_form(request)

    return (
        FormHandler(OPEN, Waits(open_line), Waits(_refuse)),
        FormHandler(FILL, Waits(build), Waits(submit)),
    )


async def _refuse(_request: Request) -> Card:
    """What the button opens is a form with an id of its own: this one is never sent."""
    raise StaleValue


def _hand_over_nothing(_conn: Connection, _whose: DataSubject) -> Mapping[str, list[dict[str, object]]]:
    return {}
