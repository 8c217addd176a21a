"""The options of a meeting that belongs to a discussion, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.chat.language import N_, _
from bot.chat.menu import Option, OptionKind
from bot.chat.models import Refusal
from bot.chat.time.moment_parser import After, AtLocal, DaysAhead, WeekDay, When
from bot.chat.time.rules import Once, Rule
from bot.discussions.settings import Meeting
from bot.scheduled_posts.rule_input import spell

MEETING_OPTIONS = (
    Option("meets", N_("A meeting that belongs to it, like fri 15:00"), OptionKind.WHEN),
    Option("lasts", N_("How long the meeting lasts"), OptionKind.DURATION),
    Option("seats", N_("Seats of the meeting"), OptionKind.NUMBER),
    Option("where", N_("Where the meeting is")),
)


def read_meeting(values: Mapping[str, object], rule: Rule, line: str) -> Meeting | None:
    """The meeting that these values describe, if any."""
    given = values.get("meets")
    if given is None:
        stray = [name for name in ("lasts", "seats", "where") if values.get(name) is not None]
        if stray:
            raise Refusal(
                _("{option} belongs to a meeting.", option=f"`{stray[0]}:`"),
                _('Say when it is: meets:"fri 15:00".'),
                line,
            )
        return None
    when: When = given[0] if isinstance(given, tuple) else given  # type: ignore[assignment]
    if isinstance(when, AtLocal) and when.at is None:
        raise Refusal(_("At what time of day is the meeting?"), _('Write it like meets:"fri 15:00".'), line)
    if isinstance(when, After) and not when.length:
        raise Refusal(
            _("A meeting comes after its thread has opened."), _('Write it like meets:"fri 15:00".'), line
        )
    relative = isinstance(when, After) or when.day is None or isinstance(when.day, WeekDay | DaysAhead)
    if not relative and not isinstance(rule, Once):
        raise Refusal(
            _("A discussion that repeats needs a meeting that does."),
            _('Count it from the thread: meets:"fri 15:00" or meets:"+2d 15:00".'),
            line,
        )
    lasts, seats = values.get("lasts"), values.get("seats")
    minutes = lasts // timedelta(minutes=1) if isinstance(lasts, timedelta) else 60
    if not 5 <= minutes <= 24 * 60:
        raise Refusal(_("A meeting lasts from five minutes to a day."), _("Try lasts:1h."), line)
    if seats is not None and not 1 <= int(str(seats)) <= 10_000:
        fix = _("Leave out `seats:` where everybody fits.")
        raise Refusal(_("A meeting has 1 to 10,000 seats."), fix, line)
    place = " ".join(str(values.get("where") or "").split())[:100]
    return Meeting(spell(when), minutes, None if seats is None else int(str(seats)), place)
