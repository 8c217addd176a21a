"""The words that resume a course which was paused after silence: "resume" or "sigo", in a direct message."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.chat.cards import Card, Markdown, say
from bot.chat.language import _, format_list
from bot.courses import cards
from bot.courses.enrollment import tables
from bot.courses.enrollment.tables import SILENCE, Enrollment
from bot.courses.lessons.release import stations_of
from bot.courses.pauses.silence import resume_quietly
from bot.facts import MessagesResumed
from bot.feature import IncomingMessage, Request, Taken
from bot.people.preferences import preferences_of

WORDS = frozenset(("resume", "continue", "sigo", "continuar", "continúo", "reanudar", "seguir"))
_AROUND = " .!¡\n\t*_"


def take_word(conn: Connection, said: IncomingMessage) -> Taken | None:
    """Resume the courses that were paused after silence, for a direct message that says so in one word."""
    message, request = said.message, said.request
    if not message.place.private or message.deleted or message.text.strip(_AROUND).casefold() not in WORDS:
        return None
    paused = _paused_courses(conn, request.community.id, request.member.id)
    if not paused or preferences_of(conn, request.member.id).stopped:
        return None  # the word turns all messages on again, and the courses with them
    for one in paused:
        resume_quietly(conn, one, request.now)
    return Taken(_resumed_card(conn, request, paused))


def follow_resume(conn: Connection, fact: MessagesResumed) -> None:
    """Resume them with everything else."""
    for one in _paused_courses(conn, fact.community_id, fact.member_id):
        resume_quietly(conn, one, fact.at)


def _paused_courses(conn: Connection, community_id: int, member_id: int) -> list[Enrollment]:
    mine = tables.enrollments_of(conn, community_id, member_id)
    return [one for one in mine if one.paused_by == SILENCE and one.done_at is None]


def _resumed_card(conn: Connection, request: Request, resumed: list[Enrollment]) -> Card:
    listed = [stations_of(conn, one)[0] for one in resumed]
    if len(resumed) == 1:
        planned = tables.find_enrollment(conn, request.community.id, resumed[0].id) or resumed[0]
        stations = stations_of(conn, planned)[1]
        return cards.joined_card(listed[0], planned, stations, request.member.zone, again=True)
    names = format_list([one.course.title for one in listed])
    return say(_("Welcome back"), Markdown(_("These courses go on: {courses}.", courses=names)))
