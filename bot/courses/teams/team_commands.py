"""`/team`: who belongs together, and how far they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import Connection

from bot.chat.cards import Block, Card, Markdown, say
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Refusal, Role
from bot.courses.cards import UNDO_FOR
from bot.courses.teams import cards, resolve, tables
from bot.courses.teams.resolve import NAME
from bot.courses.teams.tables import Team
from bot.feature import ButtonHandler, CommandHandler, Completion, Request, Waits, note
from bot.people.accounts import member_at
from bot.store.store import Store

T = TypeVar("T")


class TeamCommands:
    """What members, leads and moderators do with teams."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def _write(self, work: Callable[[Connection], T]) -> T:
        return await self._store.write(work)

    # ── looking ───────────────────────────────────────────────────────────────

    async def home(self, request: Request) -> Card:
        """One's teams, or all there are."""

        def look(conn: Connection) -> Card:
            blocks = self.blocks(conn, request)
            if blocks:
                return say("Your teams", *blocks)
            return cards.listing(tables.teams(conn, request.community.id), set())

        return await self._store.read(look)

    @staticmethod
    def blocks(conn: Connection, request: Request) -> Sequence[Block]:
        """One's teams, for the bot's own page."""
        mine = tables.teams_of(conn, request.community.id, request.member.id)
        return cards.home([(one, tables.mates(conn, one.id)) for one in mine]) if mine else ()

    async def listing(self, request: Request) -> Card:
        """All teams."""

        def look(conn: Connection) -> Card:
            mine = {one.id for one in tables.teams_of(conn, request.community.id, request.member.id)}
            return cards.listing(tables.teams(conn, request.community.id), mine)

        return await self._store.read(look)

    # ── coming and going ──────────────────────────────────────────────────────

    async def join(self, request: Request) -> Card:
        """Be in a team."""

        def work(conn: Connection) -> Card:
            team = resolve.named(conn, request, request.text("team"))
            tables.join(conn, request.community.id, team.id, request.member.id, request.now)
            return cards.welcome(team)

        return await self._write(work)

    async def leave(self, request: Request) -> Card:
        """Be in a team no longer."""

        def work(conn: Connection) -> Card:
            team = resolve.team(conn, request)
            if not tables.leave(conn, request.community.id, team.id, request.member.id, request.now):
                raise Refusal(f"You are not in {team.name}.", "`/team` shows your teams.", request.line)
            return cards.gone(team, f"t{team.id}/{request.member.id}")

        return await self._write(work)

    async def undo(self, request: Request) -> Card:
        """Undo leaving or removing, within ten minutes."""

        def work(conn: Connection) -> Card:
            team = resolve.team(conn, request)
            member_id = int(request.value.partition("/")[2])
            if member_id != request.member.id:
                self._may_change(conn, request, team)
            at = tables.left_at(conn, team.id, member_id)
            if at is None or request.now - at > UNDO_FOR:
                raise Refusal("There is nothing to undo any more.", f"`/team join {team.name}` goes back.")
            tables.join(conn, request.community.id, team.id, member_id, request.now)
            return replace(say("Undone", Markdown(f"Undone: **{team.name}** is as it was.")), replaces=True)

        return await self._write(work)

    # ── leads and moderators ──────────────────────────────────────────────────

    @staticmethod
    def _may_change(conn: Connection, request: Request, team: Team) -> None:
        if request.role < Role.MODERATOR and not tables.leads(conn, team.id, request.member.id):
            raise Refusal(
                "Only a moderator or whoever leads the team can do that.", "Ask one of them to do it for you."
            )

    async def create(self, request: Request) -> Card:
        """Make a team."""
        name = _proper(request, request.text("name"))

        def work(conn: Connection) -> Card:
            if tables.create(conn, request.community.id, name, request.now) is None:
                raise Refusal(
                    f"There is a team {name} already.", f"`/team join {name}` joins it.", request.line
                )
            note(conn, request, "made a team", name, None, {"name": name})
            return say(
                f"Team {name} is there",
                Markdown(
                    f"Team **{name}** is there. `/team add @somebody {name}` adds people; anybody can join by themselves."
                ),
            )

        return await self._write(work)

    async def rename(self, request: Request) -> Card:
        """Give a team another name."""
        name = _proper(request, request.text("to"))

        def work(conn: Connection) -> Card:
            team = resolve.named(conn, request, request.text("team"))
            self._may_change(conn, request, team)
            other = tables.by_name(conn, request.community.id, name)
            if other is not None and other.id != team.id:
                raise Refusal(f"There is a team {other.name} already.", "Choose another name.", request.line)
            tables.rename(conn, request.community.id, team.id, name)
            note(conn, request, "renamed a team", team.name, {"name": team.name}, {"name": name})
            return say(f"{team.name} is {name} now", Markdown(f"**{team.name}** is **{name}** now."))

        return await self._write(work)

    def _whom(self, conn: Connection, request: Request) -> tuple[int, str]:
        found = member_at(conn, request.community.id, request.person.space, request.text("person"))
        if found is None:
            raise Refusal(
                "I do not know that person yet.", "They join by themselves with /team join.", request.line
            )
        return found

    async def add(self, request: Request) -> Card:
        """Put somebody into a team."""

        def work(conn: Connection) -> Card:
            team = resolve.team(conn, request)
            self._may_change(conn, request, team)
            member_id, name = self._whom(conn, request)
            if tables.join(conn, request.community.id, team.id, member_id, request.now):
                note(conn, request, "added to a team", team.name, None, {"member": member_id})
            return cards.welcome(team, name)

        return await self._write(work)

    async def remove(self, request: Request) -> Card:
        """Take somebody out of a team."""

        def work(conn: Connection) -> Card:
            team = resolve.team(conn, request)
            self._may_change(conn, request, team)
            member_id, name = self._whom(conn, request)
            if not tables.leave(conn, request.community.id, team.id, member_id, request.now):
                raise Refusal(f"{name} is not in {team.name}.", "", request.line)
            note(conn, request, "removed from a team", team.name, {"member": member_id}, None)
            return cards.gone(team, f"t{team.id}/{member_id}", name)

        return await self._write(work)

    async def lead(self, request: Request) -> Card:
        """Let somebody lead a team, or no longer."""

        def work(conn: Connection) -> Card:
            team = resolve.team(conn, request)
            member_id, name = self._whom(conn, request)
            wanted = request.values.get("leads") is not False
            if wanted:
                tables.join(conn, request.community.id, team.id, member_id, request.now)
            before = tables.leads(conn, team.id, member_id)
            tables.set_lead(conn, team.id, member_id, wanted)
            note(
                conn,
                request,
                "changed who leads",
                team.name,
                {"leads": before},
                {"leads": wanted, "member": member_id},
            )
            words = (
                f"{name} leads **{team.name}** now." if wanted else f"{name} no longer leads **{team.name}**."
            )
            return say(words.replace("*", ""), Markdown(words))

        return await self._write(work)

    # ── what it offers ────────────────────────────────────────────────────────

    def _teams_like(self, conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
        found = tables.teams(conn, request.community.id)
        return ((one.name, f"{one.name} ({one.size})") for one in found)

    def commands(self) -> tuple[CommandHandler, ...]:
        """The commands under /team."""
        which = Option("team", "Which team", positional=True, completes=True)
        needed = replace(which, required=True)
        person = Option("person", "Whom", OptionKind.MEMBER, required=True, positional=True)
        leads = Option("leads", "Whether they lead it", OptionKind.YES_NO)
        name = Option("name", "What it is called", required=True, positional=True)
        to = Option("to", "Its new name", required=True, positional=True)
        add = Command(
            "team", "add", "Put somebody into a team", (person, which), examples=("/team add @ada North",)
        )
        create = Command(
            "team", "create", "Make a team", (name,), Role.MODERATOR, examples=("/team create North",)
        )
        return (
            CommandHandler(Command("team", "", "Your teams"), Waits(self.home)),
            CommandHandler(Command("team", "list", "All teams"), Waits(self.listing)),
            CommandHandler(Command("team", "join", "Be in a team", (needed,)), Waits(self.join)),
            CommandHandler(Command("team", "leave", "Be in a team no longer", (which,)), Waits(self.leave)),
            CommandHandler(create, Waits(self.create)),
            CommandHandler(add, Waits(self.add)),
            CommandHandler(
                Command("team", "remove", "Take somebody out of a team", (person, which)), Waits(self.remove)
            ),
            CommandHandler(
                Command("team", "lead", "Let somebody lead a team", (person, which, leads), Role.MODERATOR),
                Waits(self.lead),
            ),
            CommandHandler(
                Command("team", "rename", "Give a team another name", (needed, to)), Waits(self.rename)
            ),
        )

    def actions(self) -> tuple[ButtonHandler, ...]:
        """The buttons of teams."""
        return (ButtonHandler("team.undo", Waits(self.undo)),)

    def completions(self) -> tuple[Completion, ...]:
        """Choices while typing."""
        verbs = ("join", "leave", "progress", "add", "remove", "lead", "rename")
        return tuple(Completion(f"team {verb}", "team", self._teams_like) for verb in verbs)


def _proper(request: Request, name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= NAME:
        raise Refusal(f"A team's name has 1 to {NAME} characters.", "", request.line)
    return name
