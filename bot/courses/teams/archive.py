"""What becomes of a team when its year is over: archived, opened again, or begun anew for the next year."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.language import N_, _
from bot.chat.menu import Command
from bot.chat.models import Refusal, Role
from bot.courses.notices.tables import MembershipKind
from bot.courses.offers import leads_team
from bot.courses.teams import archive_cards, handovers, resolve, tables, team_states
from bot.courses.teams.resolve import NAME
from bot.courses.teams.tables import Team
from bot.courses.teams.team_commands import TEAM, note_made, require_lead
from bot.facts import TeamArchived
from bot.feature import ButtonHandler, CommandHandler, Reads, Request, Writes, note_change

Tell = Callable[[Connection, object], None]


class TeamArchive:
    """Archives teams, and begins them anew. `tell` tells others, who stop asking about a plan or go on."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell

    def archive_team(self, conn: Connection, request: Request) -> Card:
        """Archive a team: its plan stays, and nothing is asked about it any more. Where none was named, it is asked about first."""
        team = self._led(conn, request)
        if not (request.value or request.text("team")) and team.archived_at is None:
            return archive_cards.archive_question_card(team, tables.team_members(conn, team.id))
        if team_states.set_archived(conn, request.community.id, team.id, request.now):
            handovers.drop_handover(conn, team.id)
            self._note(conn, request, team, archived=True)
        return replace(archive_cards.archived_card(team), replaces=bool(request.value))

    def reopen_team(self, conn: Connection, request: Request) -> Card:
        """Open an archived team again, as it was."""
        team = self._led(conn, request)
        if team_states.set_archived(conn, request.community.id, team.id, None):
            self._note(conn, request, team, archived=False)
        return replace(archive_cards.reopened_card(team), replaces=bool(request.value))

    def begin_next_team(self, conn: Connection, request: Request) -> Card:
        """Make a new team with the same people and name; the archived one is called after its year."""
        old = self._led(conn, request)
        if old.archived_at is None:
            raise Refusal(
                _("{team} is not archived.", team=old.name),
                _("`/team archive` archives a team."),
                request.line,
            )
        if team_states.next_team(conn, old.id) is not None:
            raise Refusal(
                _("{team} began a new year already.", team=old.name), _("`/team list` shows all teams.")
            )
        year = request.community.day_of(old.archived_at).year
        tables.rename_team(conn, request.community.id, old.id, self._free_name(conn, request, old.name, year))
        made = tables.create_team(conn, request.community.id, old.name, request.now)
        if made is None:
            raise Refusal(_("There is a team {name} already.", name=old.name), _("`/team list` shows it."))
        new = Team(made, old.name, old.size)
        team_states.set_next_team(conn, old.id, new.id)
        for mate in tables.team_members(conn, old.id):
            tables.join_team(conn, request.community.id, new.id, mate.member_id, request.now)
            tables.set_lead(conn, new.id, mate.member_id, mate.lead)
            note_made(
                conn, request, MembershipKind.LEAD if mate.lead else MembershipKind.TEAM, new, mate.member_id
            )
        note_change(conn, request, "began a team anew", new.name, {"team": old.id}, {"team": new.id})
        return replace(archive_cards.begun_card(new, tables.team_members(conn, new.id)), replaces=True)

    @staticmethod
    def _led(conn: Connection, request: Request) -> Team:
        team = resolve.named_or_own_team(conn, request)
        require_lead(conn, request, team)
        return team

    def _note(self, conn: Connection, request: Request, team: Team, *, archived: bool) -> None:
        before, after = {"archived": not archived}, {"archived": archived}
        note_change(
            conn, request, "archived a team" if archived else "reopened a team", team.name, before, after
        )
        at = request.now if archived else team.archived_at or request.now
        self._tell(conn, TeamArchived(request.community.id, team.id, archived, at))

    @staticmethod
    def _free_name(conn: Connection, request: Request, name: str, year: int) -> str:
        """What an archived team is called from now on: `North (2027)`, or with a number where that is taken."""
        for number in range(1, 100):
            mark = f" ({year})" if number == 1 else f" ({year}, {number})"
            called = name[: NAME - len(mark)].rstrip() + mark
            if tables.team_by_name(conn, request.community.id, called) is None:
                return called
        raise Refusal(_("There is a team {name} already.", name=name), _("Choose another name."))

    def commands(self) -> tuple[CommandHandler, ...]:
        """`/team archive`."""
        archive = Command(
            "team", "archive", N_("End a team’s year: its plan stays, nothing is asked any more"), (TEAM,),
            examples=("/team archive North",), label=N_("Archive a team"),
        )  # fmt: skip
        return (CommandHandler(archive, Writes(self.archive_team), leads_team),)

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """Archive, reopen, begin anew, and the choice of a team."""
        return (
            ButtonHandler("team.archive", Writes(self.archive_team)),
            ButtonHandler("team.keep", Reads(keep_team)),
            ButtonHandler("team.reopen", Writes(self.reopen_team)),
            ButtonHandler("team.renew", Writes(self.begin_next_team)),
            ButtonHandler("team.year", Reads(show_year)),
        )


def keep_team(conn: Connection, request: Request) -> Card:
    """The answer to whoever archives a team not now; it goes on as it is."""
    return replace(archive_cards.kept_card(resolve.named_or_own_team(conn, request)), replaces=True)


def show_year(conn: Connection, request: Request) -> Card:
    """A team that was chosen from a list: what can become of it, or, where it is archived, what it was."""
    team = resolve.named_or_own_team(conn, replace(request, value=request.value.rpartition("/")[2]))
    mates = tables.team_members(conn, team.id)
    may_change = request.role >= Role.MODERATOR or tables.is_lead(conn, team.id, request.member.id)
    if team.archived_at is not None:
        return archive_cards.earlier_card(team, mates, may_change=may_change)
    require_lead(conn, request, team)
    return archive_cards.year_over_card(team, mates)
