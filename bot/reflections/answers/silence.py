"""What is said of a prompt that closed with nothing to show: nothing in its channel, and one word to moderators.

Nobody learns by that whether nobody answered or a few did for themselves.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.chat.cards import Button, Buttons, Card, Markdown, say
from bot.chat.language import _
from bot.people.languages import speaking_to_all
from bot.people.small_groups import MINIMUM
from bot.reflections.anonymous.publication import read_published
from bot.reflections.answers.turnout import read_turnout
from bot.reflections.schedule import asked_prompts
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.reflections.taps.tally import list_tallies
from bot.schedules import tables


def has_answers_to_show(conn: Connection, community_id: int, occurrence_id: int) -> bool:
    """Whether the digest of a prompt that has closed would say anything."""
    here = asked_prompts.find_asked_prompt(conn, community_id, occurrence_id)
    if here is None:
        return False
    turnout = read_turnout(conn, here)
    published = here.anonymous and read_published(conn, here, 1).total > 0
    return turnout.answered is not None or turnout.shared > 0 or published or bool(list_tallies(conn, here))


def tell_moderators(conn: Connection, alerts: Alerts, here: AskedPrompt, now: datetime) -> None:
    """A prompt had nothing to show: moderators hear it once, until one of the same schedule has."""
    with speaking_to_all(conn, here.community_id):
        card = quiet_card(here.prompt.title, _schedule(conn, here))
    alerts.alert(conn, here.community_id, _key(here), card, now)


def settle(conn: Connection, alerts: Alerts, here: AskedPrompt, now: datetime) -> None:
    """A prompt of the schedule had answers again."""
    with speaking_to_all(conn, here.community_id):
        told = _("There are answers again to {schedule}.", schedule=_schedule(conn, here))
        over = say(_("There are answers again"), Markdown(told))
    alerts.resolve(conn, here.community_id, _key(here), now, over)


def quiet_card(title: str, schedule: str) -> Card:
    """A prompt closed with too few answers to show any; what moderators may do about it."""
    return say(
        _("A prompt had no answers to show"),
        Markdown(
            _(
                "*{title}* ({schedule}) closed with no answers to show, so I posted no digest. Fewer than {least} people "
                "answered, and nobody shared an answer with everyone. I will not repeat this until {schedule} gets answers.",
                title=title,
                schedule=schedule,
                least=MINIMUM,
            )
        ),
        Buttons((Button(_("See what is due"), does="prompt.list"),)),
    )


def _key(here: AskedPrompt) -> str:
    return f"quiet:{here.schedule_id}"


def _schedule(conn: Connection, here: AskedPrompt) -> str:
    found = tables.find_schedule(conn, here.community_id, here.schedule_id)
    return (found.name if found is not None else None) or _("a schedule")


def examples() -> tuple[Card, ...]:
    """Every card of this module."""
    return (quiet_card("The quiet corner", "s3"),)
