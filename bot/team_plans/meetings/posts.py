"""What is said about a meeting in the team's place: its announcement, the cards of its parts, and its end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.courses.teams import tables as teams_tables
from bot.courses.teams.tables import Team
from bot.delivery import outbox
from bot.delivery.facts import QUIET, Draft, Failed, Sent, Verb
from bot.facts import TeamArchived
from bot.people.accounts import reachable_account
from bot.people.languages import speaking_to, speaking_to_all
from bot.people.tables import community_by_id
from bot.team_plans.access import names_in
from bot.team_plans.meetings import cards, tables
from bot.team_plans.meetings.agenda import does_lesson
from bot.team_plans.meetings.summary import summary_card
from bot.team_plans.meetings.tables import TeamMeeting
from bot.team_plans.tables import load_plan

POST, THREAD, SUMMARY, STEP, NOTE = (
    "team-meeting", "team-meeting-thread", "team-meeting-end", "team-meeting-step", "team-meeting-note",
)  # fmt: skip
"""The kinds of drafts: what announces it, its thread, its end, its parts, and everything else."""
SOON = timedelta(minutes=30)
"""A meeting that begins sooner than this after it was announced is not announced once more at its time."""

FOLLOWED = timedelta(days=1)
"""How long the end of a meeting follows the plan."""


def team_of(conn: Connection, meeting: TeamMeeting) -> Team:
    """The team whose meeting it is."""
    found = teams_tables.find_team(conn, meeting.community_id, meeting.team_id)
    assert found is not None  # noqa: S101 - a meeting has its team as long as it is there
    return found


def zone_of(conn: Connection, meeting: TeamMeeting) -> str:
    """The time zone of its community."""
    return community_by_id(conn, meeting.community_id).zone


def _draft(meeting: TeamMeeting, kind: str, key: str, card: Card | None = None, **more: Any) -> Draft:
    """Something about a meeting, in its place."""
    given: dict[str, Any] = {"thread": meeting.thread, "priority": 1} | more
    return Draft(
        community_id=meeting.community_id, space=meeting.space, channel=meeting.channel, kind=kind,
        key=f"{meeting.key}{key}", card=card, ref=str(meeting.id), **given,
    )  # fmt: skip


# ── before it begins ──────────────────────────────────────────────────────────


def announce(conn: Connection, meeting: TeamMeeting, now: datetime) -> None:
    """Post what announces a meeting."""
    team, zone = team_of(conn, meeting), zone_of(conn, meeting)
    with speaking_to_all(conn, meeting.community_id):
        card = cards.announcement(meeting, team, zone)
    outbox.queue_draft(conn, _draft(meeting, POST, "", card), now)
    set_bell(conn, meeting, now)


def set_bell(conn: Connection, meeting: TeamMeeting, now: datetime) -> None:
    """Post once more at the time of a meeting, unless that is soon; in the place of what was to be posted before."""
    clear_bell(conn, meeting, now)
    key = f":bell:{meeting.revision}"
    if meeting.called_off_at is not None or meeting.started_at is not None or meeting.meets_at - now < SOON:
        tables.change_meeting(conn, meeting.id, bell=None)
        return
    with speaking_to_all(conn, meeting.community_id):
        card = cards.bell_card(meeting, team_of(conn, meeting))
    late = meeting.meets_at + tables.UNUSED
    outbox.queue_draft(
        conn, _draft(meeting, NOTE, key, card, not_before=meeting.meets_at, expires_at=late), now
    )
    tables.change_meeting(conn, meeting.id, bell=f"{meeting.key}{key}")


def clear_bell(conn: Connection, meeting: TeamMeeting, now: datetime) -> None:
    """Take back what is to be posted at its time, or the button of what was."""
    if meeting.bell is None or outbox.cancel_draft(conn, meeting.bell):
        return
    with speaking_to_all(conn, meeting.community_id):
        card = cards.bell_card(meeting, team_of(conn, meeting), live=False)
    draft = _draft(
        meeting, NOTE, f":bell:over:{meeting.revision}", card, verb=Verb.UPDATE, after=meeting.bell
    )
    outbox.queue_draft(conn, draft, now)


def show_again(conn: Connection, meeting: TeamMeeting, now: datetime) -> TeamMeeting:
    """Let the announcement say what is true now; the meeting with its new revision."""
    team, zone = team_of(conn, meeting), zone_of(conn, meeting)
    with speaking_to_all(conn, meeting.community_id):
        card = cards.announcement(meeting, team, zone)
    revision = meeting.revision + 1
    fresh = tables.change_meeting(conn, meeting.id, revision=revision)
    if meeting.message is not None or not outbox.replace_card(conn, meeting.key, card):
        outbox.cancel_draft(conn, f"{meeting.key}:again:{meeting.revision}")
        about: dict[str, Any] = {"message": meeting.message} if meeting.message else {"after": meeting.key}
        draft = _draft(meeting, NOTE, f":again:{revision}", card, verb=Verb.UPDATE, **about)
        outbox.queue_draft(conn, draft, now)
    return fresh


def tell_place(conn: Connection, meeting: TeamMeeting, what: str, card: Card, now: datetime) -> None:
    """Post a note in the place of a meeting, once for each of its revisions; `what` names it."""
    outbox.queue_draft(conn, _draft(meeting, NOTE, f":{what}:{meeting.revision}", card), now)


def take_back_note(conn: Connection, meeting: TeamMeeting, what: str, revision: int) -> bool:
    """Take back a note of a revision before; False where it is there already."""
    return outbox.cancel_draft(conn, f"{meeting.key}:{what}:{revision}")


def turn_meeting(
    conn: Connection, meeting: TeamMeeting, called_off_at: datetime | None, now: datetime
) -> TeamMeeting:
    """Call a meeting off, or let it take place after all (None); its place is told, unless it was not told the contrary yet."""
    before = meeting.revision
    changed = tables.change_meeting(conn, meeting.id, called_off_at=called_off_at)
    meeting = show_again(conn, changed, now)
    set_bell(conn, meeting, now)
    off = called_off_at is not None
    said, unsaid = ("off", "on") if off else ("on", "off")
    if not take_back_note(conn, meeting, unsaid, before):
        team, zone = team_of(conn, meeting), zone_of(conn, meeting)
        with speaking_to_all(conn, meeting.community_id):
            told = (cards.told_off if off else cards.told_on)(meeting, team, zone)
        tell_place(conn, meeting, said, told, now)
    return meeting


def follow_archive(conn: Connection, fact: TeamArchived, now: datetime) -> None:
    """Call off what an archived team had planned for later; a team that is opened again has it back, as far as it is ahead."""
    if fact.archived:
        for meeting in tables.open_meetings(conn, fact.team_id):
            if not meeting.runs:
                turn_meeting(conn, meeting, fact.at, now)
        return
    for meeting in tables.called_off_meetings(conn, fact.team_id, fact.at):
        if meeting.meets_at > now:
            turn_meeting(conn, meeting, None, now)


# ── while it runs ─────────────────────────────────────────────────────────────


def open_thread(conn: Connection, meeting: TeamMeeting, message: str | None, now: datetime) -> None:
    """Open the thread in which a meeting runs, under the card whose button was pressed."""
    if meeting.runs_in is not None:
        return
    team = team_of(conn, meeting)
    with speaking_to_all(conn, meeting.community_id):
        name = cards.announcement(meeting, team, zone_of(conn, meeting)).title
    under = message or meeting.message
    about: dict[str, Any] = {"message": under} if under else {"after": meeting.key}
    outbox.queue_draft(conn, _draft(meeting, THREAD, ":thread", verb=Verb.THREAD, name=name, **about), now)


def post_step(conn: Connection, meeting: TeamMeeting, now: datetime) -> None:
    """Post the card of where a meeting is."""
    card = _step_card(conn, meeting, live=True)
    where: dict[str, Any] = {"thread": meeting.goes_on_in, "priority": 0}
    if meeting.runs_in is None:
        where["after"] = f"{meeting.key}:thread"
    outbox.queue_draft(conn, _draft(meeting, STEP, f":step:{meeting.step}", card, **where), now)


def settle_step(conn: Connection, meeting: TeamMeeting, now: datetime) -> None:
    """Take the buttons of the card where a meeting was."""
    if meeting.step == 0:
        return
    card, key = _step_card(conn, meeting, live=False), f"{meeting.key}:step:{meeting.step}"
    if outbox.replace_card(conn, key, card):
        return
    draft = _draft(
        meeting,
        NOTE,
        f":step:{meeting.step}:over",
        card,
        verb=Verb.UPDATE,
        after=key,
        thread=meeting.goes_on_in,
    )
    outbox.queue_draft(conn, draft, now)


def _step_card(conn: Connection, meeting: TeamMeeting, *, live: bool) -> Card:
    plan = load_plan(conn, meeting.team_id)
    with speaking_to_all(conn, meeting.community_id, meeting.agenda.language):
        return cards.step_card(meeting, plan, zone_of(conn, meeting), live=live)


# ── its end ───────────────────────────────────────────────────────────────────


def post_summary(conn: Connection, meeting: TeamMeeting, now: datetime) -> None:
    """Post what a meeting ended with; what was written is read when it is said, and stored in no other place."""
    draft = _draft(meeting, SUMMARY, ":end", drawn=True, thread=meeting.goes_on_in)
    outbox.queue_draft(conn, draft, now)


def redraw_summary(conn: Connection, meeting: TeamMeeting, now: datetime) -> None:
    """Let the end of a meeting say what is in the plan now."""
    revision = meeting.revision + 1
    tables.change_meeting(conn, meeting.id, revision=revision)
    outbox.cancel_draft(conn, f"{meeting.key}:end:{meeting.revision}")
    draft = _draft(
        meeting, SUMMARY, f":end:{revision}", drawn=True, verb=Verb.UPDATE, message=meeting.summary,
        thread=meeting.goes_on_in, priority=4,
    )  # fmt: skip
    outbox.queue_draft(conn, draft, now)


def follow_plan(conn: Connection, team_id: int, now: datetime) -> None:
    """Let the end of a meeting that is just over follow the plan: what is removed there is removed here."""
    for one in tables.told_meetings(conn, (team_id,), now - FOLLOWED):
        redraw_summary(conn, one, now)


def draw_summary(conn: Connection, community_id: int, ref: str) -> Card | None:
    """The end of a meeting, from what is true now."""
    meeting = tables.find_meeting(conn, community_id, int(ref))
    if meeting is None or meeting.started_at is None or meeting.ended_at is None:
        return None
    plan = load_plan(conn, meeting.team_id)
    written = tables.written_entries(conn, meeting.team_id, meeting.started_at, meeting.ended_at)
    fills = does_lesson(conn, community_id, meeting.team_id, meeting.lesson)
    with speaking_to_all(conn, community_id):
        return summary_card(meeting, plan, written, names_in(conn, plan), fills=fills)


# ── what became of it ─────────────────────────────────────────────────────────


def note_sent(conn: Connection, fact: Sent) -> None:
    """Remember the messages and the thread of a meeting."""
    if fact.kind not in (POST, THREAD, SUMMARY) or (meeting := _meeting_of(conn, fact)) is None:
        return
    match fact.kind:
        case "team-meeting":
            tables.change_meeting(conn, meeting.id, message=fact.message)
        case "team-meeting-thread":
            tables.change_meeting(conn, meeting.id, runs_in=fact.place.thread)
        case _:
            tables.change_meeting(conn, meeting.id, summary=fact.message)


def note_failed(conn: Connection, fact: Failed, now: datetime) -> None:
    """A meeting that cannot be announced is not planned, and who planned it is told; without a thread it runs in the channel."""
    if fact.kind not in (POST, THREAD) or fact.code in QUIET:
        return
    meeting = _meeting_of(conn, fact)
    if meeting is None:
        return
    if fact.kind == POST:
        _give_up(conn, meeting, fact.code, now)
        return
    meeting = tables.change_meeting(conn, meeting.id, runs_in="")
    outbox.cancel_draft(conn, f"{meeting.key}:step:{meeting.step}")
    post_step(conn, meeting, now)
    show_again(conn, meeting, now)


def _give_up(conn: Connection, meeting: TeamMeeting, code: str, now: datetime) -> None:
    """Plan a meeting no longer, and tell whoever planned it."""
    tables.change_meeting(conn, meeting.id, called_off_at=now)
    clear_bell(conn, meeting, now)
    to = reachable_account(conn, meeting.community_id, meeting.member_id) if meeting.member_id else None
    if to is None or meeting.member_id is None:
        return
    with speaking_to(conn, meeting.member_id):
        card = cards.lost_card(meeting, team_of(conn, meeting), zone_of(conn, meeting), code)
    draft = Draft(
        community_id=meeting.community_id, space=to[0], person=to[1], verb=Verb.DIRECT, kind=NOTE,
        key=f"{meeting.key}:lost", card=card, priority=1, ref=str(meeting.id),
    )  # fmt: skip
    outbox.queue_draft(conn, draft, now)


def _meeting_of(conn: Connection, fact: Sent | Failed) -> TeamMeeting | None:
    return tables.find_meeting(conn, fact.community_id, int(fact.ref))
