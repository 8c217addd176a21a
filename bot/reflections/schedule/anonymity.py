"""Whether a prompt takes anonymous answers: as its schedule says, else as the prompt or its deck does."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from bot.chat.cards import Words
from bot.chat.language import N_, _
from bot.chat.menu import Option, OptionKind
from bot.reflections.prompts import bank
from bot.reflections.prompts.bank import BankedPrompt
from bot.reflections.schedule.settings import PromptSettings, settings_of
from bot.schedules.model import Schedule

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
    return own or bank.allows_anonymous(conn, schedule.community_id, drawn.deck)
