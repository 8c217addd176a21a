"""Whether a prompt takes anonymous answers: as its schedule says, else as the prompt or its deck does."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, Text, and_, bindparam, select, type_coerce

from bot.chat.cards import Words
from bot.chat.language import N_, _
from bot.chat.menu import Option, OptionKind
from bot.reflections.prompts.bank import ASKABLE, BankedPrompt, PromptOrigin, prompt
from bot.reflections.schedule.settings import PromptSettings, settings_of
from bot.schedules.model import Schedule
from bot.store.compiled import CompiledStatement
from bot.store.foresight import SetQuestion, ask_once

ANONYMOUS = Option(
    "anonymous", N_("Whether people can answer anonymously; without it, the deck decides"), OptionKind.YES_NO
)


def read_anonymous(values: Mapping[str, object], before: PromptSettings | None) -> str:
    """What a schedule says of it with these options, or said before."""
    if values.get("anonymous") is None:
        return before.anonymous if before is not None else ""
    return "yes" if values["anonymous"] else "no"


def describe_anonymous(settings: PromptSettings) -> list[tuple[str, Words]]:
    """What a schedule says of it, where it does not leave that to the deck."""
    if not settings.anonymous:
        return []
    return [(_("Anonymous answers"), _("yes") if settings.anonymous == "yes" else _("no"))]


def takes_anonymous(conn: Connection, schedule: Schedule, drawn: BankedPrompt) -> bool:
    """Whether a prompt of this schedule takes anonymous answers too."""
    wanted = settings_of(schedule).anonymous
    if wanted:
        return wanted == "yes"
    own = drawn.prompt.audience == "anonymous"
    return own or _deck_allows(conn, schedule.community_id, drawn.deck)


_BANK = SetQuestion.about(prompt)
# Prompts say it only where it is so, and a quotation mark in their words is escaped.
_IS_ANONYMOUS = type_coerce(prompt.c.content, Text).contains('"anonymous":true')
_OF_DECK = and_(prompt.c.community_id == bindparam("home"), prompt.c.deck == bindparam("name"), ASKABLE)
_ANONYMOUS = CompiledStatement(
    select(prompt.c.id).where(_OF_DECK, prompt.c.origin == PromptOrigin.FILE, _IS_ANONYMOUS).limit(1),
    "home",
    "name",
)


def _deck_allows(conn: Connection, community_id: int, deck: str) -> bool:
    """Whether the content file of a deck allows anonymous answers; prompts that were added to it in chat take them too."""
    asked = lambda: _ANONYMOUS.row(conn, {"home": community_id, "name": deck})
    return ask_once(conn, _BANK, (community_id, deck), asked) is not None
