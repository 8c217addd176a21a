"""The reach of a schedule of direct messages, and what to do where it would reach nobody."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.chat.cards import Block, Button, Buttons, Card, ChannelLink, Markdown, Quote, Words, compose, say
from bot.chat.language import _, ngettext
from bot.feature import Request
from bot.people import tables as people
from bot.people.reach import count_readers, find_people_fix
from bot.schedules.model import Schedule, SchedulePlace

INVITE = "invite.preview"
"""The button that shows the card with the Join button before it is posted."""


def describe_reach(conn: Connection, schedule: Schedule) -> list[tuple[str, Words]]:
    """How many people get a direct message, as a row of facts; nothing for posts in channels."""
    if not schedule.direct:
        return []
    count = count_readers(conn, schedule.community_id, [one.place for one in schedule.places])
    return [(_("Reaches"), ngettext("{count} person", "{count} people", count))]


def warn_of_unlisted(conn: Connection, schedule: Schedule) -> list[str]:
    """Who is left out where the platform does not list people, and how that changes."""
    fix = find_people_fix(conn, [one.place for one in schedule.places]) if schedule.direct else ""
    if not fix:
        return []
    who = _("It goes to people there who pressed Join or wrote to me. I cannot see the others.")
    return [" ".join((who, _("/tilth invite posts a card with a Join button."), fix))]


def refuse_unreachable(conn: Connection, request: Request, spots: Sequence[SchedulePlace]) -> Card | None:
    """Why direct messages make no sense in one of these places yet, with what helps; None where they do."""
    for spot in spots:
        visible = people.visibility_of(conn, spot.space)
        if not visible.people and not count_readers(conn, request.community.id, [spot.place]):
            return _nobody_card(spot.channel, visible.people_fix, request.line)
    return None


def _nobody_card(channel: str, fix: str, line: str) -> Card:
    blocks: list[Block] = [
        Markdown(
            compose(
                _("I cannot see who is in {channel}, and nobody there has joined. A direct message would reach nobody, so "
                  "nothing is planned."),
                channel=ChannelLink(channel),
            )
        ),
        Markdown(_("Post a card with a Join button there. When people have joined, plan this again.")),
        *((Markdown(fix),) if fix else ()),
        Buttons((Button(_("Post a Join card"), does=INVITE, value=channel, style="main"),)),
    ]  # fmt: skip
    if line:
        blocks.append(Quote(line))
    return say(_("That would reach nobody"), *blocks)


def unreachable_example() -> Card:
    """What somebody sees whose direct messages would reach nobody."""
    fix = "To see everybody, an operator switches that on and starts Tilth again."
    return _nobody_card("c1", fix, "/prompt schedule #staffroom every mon 9am to:dm")
