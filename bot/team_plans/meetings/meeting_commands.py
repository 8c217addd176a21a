"""`/team meet`: planning a team's meeting, changing it, calling it off, and bringing it back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.alerts.cards import reason
from bot.alerts.place_probe import PlaceProbe
from bot.chat.cards import Card
from bot.chat.forms import FieldErrors, Form
from bot.chat.language import N_, _
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Place, Refusal, Role
from bot.chat.time.vocabulary import PhraseError
from bot.courses.teams import resolve
from bot.courses.teams import tables as teams_tables
from bot.courses.teams.tables import Team
from bot.feature import ButtonHandler, CommandHandler, Completion, FormHandler, Reads, Request, Writes
from bot.people.languages import speaking_to_all
from bot.scheduled_posts.places import refused_card
from bot.store.store import Store
from bot.team_plans.meetings import cards, posts, tables
from bot.team_plans.meetings.access import (
    asked_of,
    is_in,
    is_mate,
    may_plan,
    place_for,
    place_if_known,
    plannable,
    require_known,
    require_planner,
)
from bot.team_plans.meetings.agenda import PLAIN, list_lessons, make_agenda, named_lesson, usual_lesson
from bot.team_plans.meetings.meeting_form import meeting_form, meeting_time, read_instant
from bot.team_plans.meetings.tables import TeamMeeting
from bot.team_plans.model import next_sheet
from bot.team_plans.tables import load_plan

SECONDS = 2.0
"""How long a platform may take to say whether the bot can post in a place."""


@dataclass(frozen=True, slots=True)
class MeetingPlan:
    """What somebody asked for: when, whose protocol, how, and whether its end tells what was written."""

    meets_at: datetime
    lesson: str
    online: bool
    tells: bool


class MeetingPlanner:
    """Plans meetings and changes what is planned."""

    def __init__(self, store: Store, probe: PlaceProbe) -> None:
        self._store, self._probe = store, probe

    # ── the place ─────────────────────────────────────────────────────────────

    async def check_place(self, request: Request) -> Card | None:
        """A card that says why nothing can be posted where a meeting is planned; None: it can, or nothing is posted now."""
        found = await self._problem(request) if request.values.get("when") is not None else None
        return None if found is None else refused_card({"when": found}, request.line)

    async def check_form(self, request: Request) -> FieldErrors | None:
        """The same below the first field of the form."""
        found = None if request.value.startswith("m") else await self._problem(request)
        return None if found is None else FieldErrors({"when": " ".join(reason(found[1]))})

    async def _problem(self, request: Request) -> tuple[str, str] | None:
        """(channel, the platform's word for why the bot cannot post there)."""
        place = await self._store.read(lambda conn: place_if_known(conn, request))
        _known, code = await self._probe.ask(place, SECONDS) if place is not None else (False, None)
        return None if place is None or code is None else (place.channel, code)

    # ── planning ──────────────────────────────────────────────────────────────

    def plan(self, conn: Connection, request: Request) -> Card | Form:
        """Plan a meeting; without a time, show what is planned, or ask for one."""
        team = resolve.named_or_own_team(conn, request)
        given, lesson = request.values.get("when"), named_lesson(conn, request, team)
        coming = tables.open_meetings(conn, team.id)
        if given is None and not lesson and coming and is_in(conn, request, team):
            return show_meetings(conn, request)
        require_planner(conn, request, team)
        place = place_for(conn, request, team)
        if given is None:
            return meeting_form(conn, request, team, None, lesson)
        wanted = MeetingPlan(
            read_instant(request, *given),  # type: ignore[misc]
            lesson or usual_lesson(conn, request.community.id, team.id),
            request.values.get("online") is True, tells=is_mate(conn, request, team),
        )  # fmt: skip
        return self._add(conn, request, team, place, wanted)

    def build_form(self, conn: Connection, request: Request) -> Form:
        """The form of a new meeting (`t3`), or of one that is changed (`m12`)."""
        team, meeting = asked_of(conn, request)
        if meeting is None:
            place_for(conn, request, team)
        return meeting_form(conn, request, team, meeting)

    def take_form(self, conn: Connection, request: Request) -> Card | FieldErrors:
        """Plan the meeting, or change it, as the form says."""
        team, meeting = asked_of(conn, request)
        try:
            at = meeting_time(request, meeting)
        except PhraseError as error:
            return FieldErrors({"when": f"{error.problem} {_('Like Friday 3pm.')}"})
        except Refusal as error:
            return FieldErrors({"when": f"{error.problem} {error.fix}".strip()})
        lesson = request.text("lesson")
        wanted = MeetingPlan(
            at,
            "" if lesson == PLAIN else lesson,
            request.text("how") == "online",
            _tells(conn, request, team, meeting),
        )
        if meeting is not None:
            return self._change(conn, request, meeting, wanted)
        return self._add(conn, request, team, place_for(conn, request, team), wanted)

    @staticmethod
    def _add(conn: Connection, request: Request, team: Team, place: Place, wanted: MeetingPlan) -> Card:
        values: dict[str, Any] = {
            "community_id": request.community.id, "team_id": team.id, "member_id": request.member.id,
            "space": place.space, "channel": place.channel, "thread": place.thread, "runs_in": place.thread,
            "made_at": request.now, **_columns(conn, request, team.id, wanted),
        }  # fmt: skip
        meeting = tables.read_meeting(conn, tables.add_meeting(conn, values))
        posts.announce(conn, meeting, request.now)
        return cards.planned_card(meeting, team, request.member.zone)

    @staticmethod
    def _change(conn: Connection, request: Request, meeting: TeamMeeting, wanted: MeetingPlan) -> Card:
        moved = wanted.meets_at != meeting.meets_at
        columns = _columns(conn, request, meeting.team_id, wanted)
        meeting = posts.show_again(conn, tables.change_meeting(conn, meeting.id, **columns), request.now)
        team, zone = posts.team_of(conn, meeting), request.community.zone
        if moved:
            posts.set_bell(conn, meeting, request.now)
            with speaking_to_all(conn, meeting.community_id):
                told = cards.told_moved(meeting, team, zone)
            posts.tell_place(conn, meeting, "moved", told, request.now)
        return cards.planned_card(meeting, team, request.member.zone, changed=True)

    # ── calling off ───────────────────────────────────────────────────────────

    def call_off(self, conn: Connection, request: Request) -> Card:
        """A meeting does not take place; its place is told."""
        team, meeting = plannable(conn, request)
        return self._turn(conn, request, team, meeting, off=True)

    def bring_back(self, conn: Connection, request: Request) -> Card:
        """A meeting that was called off takes place after all."""
        team, meeting = plannable(conn, request)
        if meeting.meets_at <= request.now - tables.UNUSED:
            raise Refusal(_("The time of this meeting is over."), _("Plan another one: `/team meet`."))
        return self._turn(conn, request, team, meeting, off=False)

    @staticmethod
    def _turn(conn: Connection, request: Request, team: Team, meeting: TeamMeeting, *, off: bool) -> Card:
        """Call a meeting off, or let it take place; pressed twice is as good as once."""
        if (meeting.called_off_at is not None) is not off:
            meeting = posts.turn_meeting(conn, meeting, request.now if off else None, request.now)
        if off:
            return cards.off_card(meeting, team)
        return replace(cards.planned_card(meeting, team, request.member.zone, changed=True), replaces=True)

    # ── the menu ──────────────────────────────────────────────────────────────

    def commands(self) -> tuple[CommandHandler, ...]:
        """The one command."""
        options = (
            Option("when", N_("When, like fri 3pm"), OptionKind.WHEN, positional=True),
            Option("lesson", N_("Whose meeting plan, like c1.2"), OptionKind.ID, letter="c.", completes=True),
            Option("online", N_("Whether it is a video call"), OptionKind.YES_NO),
            Option("team", N_("Which team"), OptionKind.NAME, completes=True),
        )  # fmt: skip
        command = Command(
            "team", "meet", N_("Plan your team’s meeting, and run it part by part"), options, opens=True,
            examples=("/team meet fri 3pm", "/team meet fri 3pm online:yes"), label=N_("Team meeting"), common=True,
        )  # fmt: skip
        return (CommandHandler(command, Writes(self.plan, self.check_place)),)

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """Calling off, and bringing back."""
        return (
            ButtonHandler(cards.SEE, Reads(show_meetings)),
            ButtonHandler(cards.OFF, Writes(self.call_off)),
            ButtonHandler(cards.ON, Writes(self.bring_back)),
        )

    def forms(self) -> tuple[FormHandler, ...]:
        """The one form."""
        return (FormHandler(cards.PLAN, Reads(self.build_form), Writes(self.take_form, self.check_form)),)


def show_meetings(conn: Connection, request: Request) -> Card:
    """The meetings of a team that run or are to come, for whoever may know of them."""
    team = resolve.named_or_own_team(conn, request)
    require_known(conn, request, team)
    may = may_plan(conn, request, team)
    return cards.coming_card(tables.open_meetings(conn, team.id), team, request.member.zone, may_plan=may)


def _tells(conn: Connection, request: Request, team: Team, meeting: TeamMeeting | None) -> bool:
    """Whether the end tells what was written: only somebody in the team can choose that."""
    if is_mate(conn, request, team):
        return request.text("end") != "keep"
    return meeting is not None and meeting.tells


def _columns(conn: Connection, request: Request, team_id: int, wanted: MeetingPlan) -> dict[str, Any]:
    """What a meeting is, as its row holds it."""
    following = next_sheet(load_plan(conn, team_id), request.community.day_of(request.now))
    agenda = make_agenda(conn, request.community.id, wanted.lesson, following)
    return {
        "meets_at": wanted.meets_at, "lesson": wanted.lesson, "online": wanted.online, "tells": wanted.tells,
        "agenda": agenda.to_json(),
    }  # fmt: skip


def _complete_team(conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
    """The teams whose meetings somebody may plan."""
    home = request.community.id
    if request.role >= Role.MODERATOR:
        return ((one.name, one.name) for one in teams_tables.teams(conn, home))
    mine = teams_tables.teams_of(conn, home, request.member.id)
    return ((one.name, one.name) for one in mine if may_plan(conn, request, one))


def _complete_lesson(conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
    """The lessons of one's teams that have a protocol."""
    mine = teams_tables.teams_of(conn, request.community.id, request.member.id)
    found = {pair: None for one in mine for pair in list_lessons(conn, request.community.id, one.id)}
    return found.keys()


COMPLETIONS = (
    Completion("team meet", "team", _complete_team), Completion("team meet", "lesson", _complete_lesson)
)  # fmt: skip
