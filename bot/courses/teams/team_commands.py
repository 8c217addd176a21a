"""`/team`: who belongs together, and how far they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import Connection

from bot.chat.cards import Block, Card, Markdown, say
from bot.chat.menu import Command, Kind, Option
from bot.chat.models import Refusal, Role
from bot.courses.cards import UNDO_FOR
from bot.courses.teams import cards, resolve, tables
from bot.courses.teams.resolve import NAME
from bot.courses.teams.tables import Team
from bot.feature import Action, Answerer, Ask, Completion, note
from bot.people.accounts import member_at
from bot.store.store import Store

T = TypeVar("T")


class Teaming:
    """What members, leads and moderators do with teams."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def _write(self, work: Callable[[Connection], T]) -> T:
        return await self._store.write(work)

    # ── looking ───────────────────────────────────────────────────────────────

    async def home(self, ask: Ask) -> Card:
        """One's teams, or all there are."""

        def look(conn: Connection) -> Card:
            blocks = self.blocks(conn, ask)
            if blocks:
                return say("Your teams", *blocks)
            return cards.listing(tables.teams(conn, ask.community.id), set())

        return await self._store.read(look)

    @staticmethod
    def blocks(conn: Connection, ask: Ask) -> Sequence[Block]:
        """One's teams, for the bot's own page."""
        mine = tables.teams_of(conn, ask.community.id, ask.member.id)
        return cards.home([(one, tables.mates(conn, one.id)) for one in mine]) if mine else ()

    async def listing(self, ask: Ask) -> Card:
        """All teams."""

        def look(conn: Connection) -> Card:
            mine = {one.id for one in tables.teams_of(conn, ask.community.id, ask.member.id)}
            return cards.listing(tables.teams(conn, ask.community.id), mine)

        return await self._store.read(look)

    # ── coming and going ──────────────────────────────────────────────────────

    async def join(self, ask: Ask) -> Card:
        """Be in a team."""

        def work(conn: Connection) -> Card:
            team = resolve.named(conn, ask, ask.text("team"))
            tables.join(conn, ask.community.id, team.id, ask.member.id, ask.now)
            return cards.welcome(team)

        return await self._write(work)

    async def leave(self, ask: Ask) -> Card:
        """Be in a team no longer."""

        def work(conn: Connection) -> Card:
            team = resolve.team(conn, ask)
            if not tables.leave(conn, ask.community.id, team.id, ask.member.id, ask.now):
                raise Refusal(f"You are not in {team.name}.", "`/team` shows your teams.", ask.line)
            return cards.gone(team, f"t{team.id}/{ask.member.id}")

        return await self._write(work)

    async def undo(self, ask: Ask) -> Card:
        """Undo leaving or removing, within ten minutes."""

        def work(conn: Connection) -> Card:
            team = resolve.team(conn, ask)
            member_id = int(ask.value.partition("/")[2])
            if member_id != ask.member.id:
                self._may_change(conn, ask, team)
            at = tables.left_at(conn, team.id, member_id)
            if at is None or ask.now - at > UNDO_FOR:
                raise Refusal("There is nothing to undo any more.", f"`/team join {team.name}` goes back.")
            tables.join(conn, ask.community.id, team.id, member_id, ask.now)
            return replace(say("Undone", Markdown(f"Undone: **{team.name}** is as it was.")), replaces=True)

        return await self._write(work)

    # ── leads and moderators ──────────────────────────────────────────────────

    @staticmethod
    def _may_change(conn: Connection, ask: Ask, team: Team) -> None:
        if ask.role < Role.MODERATOR and not tables.leads(conn, team.id, ask.member.id):
            raise Refusal(
                "Only a moderator or whoever leads the team can do that.", "Ask one of them to do it for you."
            )

    async def create(self, ask: Ask) -> Card:
        """Make a team."""
        name = _proper(ask, ask.text("name"))

        def work(conn: Connection) -> Card:
            if tables.create(conn, ask.community.id, name, ask.now) is None:
                raise Refusal(f"There is a team {name} already.", f"`/team join {name}` joins it.", ask.line)
            note(conn, ask, "made a team", name, None, {"name": name})
            return say(
                f"Team {name} is there",
                Markdown(
                    f"Team **{name}** is there. `/team add @somebody {name}` adds people; anybody can join by themselves."
                ),
            )

        return await self._write(work)

    async def rename(self, ask: Ask) -> Card:
        """Give a team another name."""
        name = _proper(ask, ask.text("to"))

        def work(conn: Connection) -> Card:
            team = resolve.named(conn, ask, ask.text("team"))
            self._may_change(conn, ask, team)
            other = tables.by_name(conn, ask.community.id, name)
            if other is not None and other.id != team.id:
                raise Refusal(f"There is a team {other.name} already.", "Choose another name.", ask.line)
            tables.rename(conn, ask.community.id, team.id, name)
            note(conn, ask, "renamed a team", team.name, {"name": team.name}, {"name": name})
            return say(f"{team.name} is {name} now", Markdown(f"**{team.name}** is **{name}** now."))

        return await self._write(work)

    def _whom(self, conn: Connection, ask: Ask) -> tuple[int, str]:
        found = member_at(conn, ask.community.id, ask.person.space, ask.text("person"))
        if found is None:
            raise Refusal(
                "I do not know that person yet.", "They join by themselves with /team join.", ask.line
            )
        return found

    async def add(self, ask: Ask) -> Card:
        """Put somebody into a team."""

        def work(conn: Connection) -> Card:
            team = resolve.team(conn, ask)
            self._may_change(conn, ask, team)
            member_id, name = self._whom(conn, ask)
            if tables.join(conn, ask.community.id, team.id, member_id, ask.now):
                note(conn, ask, "added to a team", team.name, None, {"member": member_id})
            return cards.welcome(team, name)

        return await self._write(work)

    async def remove(self, ask: Ask) -> Card:
        """Take somebody out of a team."""

        def work(conn: Connection) -> Card:
            team = resolve.team(conn, ask)
            self._may_change(conn, ask, team)
            member_id, name = self._whom(conn, ask)
            if not tables.leave(conn, ask.community.id, team.id, member_id, ask.now):
                raise Refusal(f"{name} is not in {team.name}.", "", ask.line)
            note(conn, ask, "removed from a team", team.name, {"member": member_id}, None)
            return cards.gone(team, f"t{team.id}/{member_id}", name)

        return await self._write(work)

    async def lead(self, ask: Ask) -> Card:
        """Let somebody lead a team, or no longer."""

        def work(conn: Connection) -> Card:
            team = resolve.team(conn, ask)
            member_id, name = self._whom(conn, ask)
            wanted = ask.values.get("leads") is not False
            if wanted:
                tables.join(conn, ask.community.id, team.id, member_id, ask.now)
            before = tables.leads(conn, team.id, member_id)
            tables.set_lead(conn, team.id, member_id, wanted)
            note(
                conn,
                ask,
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

    async def _teams_like(self, ask: Ask, text: str) -> tuple[tuple[str, str], ...]:
        found = await self._store.read(lambda conn: tables.teams(conn, ask.community.id))
        return tuple(
            (one.name, f"{one.name} ({one.size})") for one in found if text.lower() in one.name.lower()
        )

    def commands(self) -> tuple[Answerer, ...]:
        """The commands under /team."""
        which = Option("team", "Which team", positional=True, completes=True)
        needed = replace(which, required=True)
        person = Option("person", "Whom", Kind.MEMBER, required=True, positional=True)
        leads = Option("leads", "Whether they lead it", Kind.YES_NO)
        name = Option("name", "What it is called", required=True, positional=True)
        to = Option("to", "Its new name", required=True, positional=True)
        add = Command(
            "team", "add", "Put somebody into a team", (person, which), examples=("/team add @ada North",)
        )
        create = Command(
            "team", "create", "Make a team", (name,), Role.MODERATOR, examples=("/team create North",)
        )
        return (
            Answerer(Command("team", "", "Your teams"), self.home),
            Answerer(Command("team", "list", "All teams"), self.listing),
            Answerer(Command("team", "join", "Be in a team", (needed,)), self.join),
            Answerer(Command("team", "leave", "Be in a team no longer", (which,)), self.leave),
            Answerer(create, self.create),
            Answerer(add, self.add),
            Answerer(Command("team", "remove", "Take somebody out of a team", (person, which)), self.remove),
            Answerer(
                Command("team", "lead", "Let somebody lead a team", (person, which, leads), Role.MODERATOR),
                self.lead,
            ),
            Answerer(Command("team", "rename", "Give a team another name", (needed, to)), self.rename),
        )

    def actions(self) -> tuple[Action, ...]:
        """The buttons of teams."""
        return (Action("team.undo", self.undo),)

    def completions(self) -> tuple[Completion, ...]:
        """Choices while typing."""
        verbs = ("join", "leave", "progress", "add", "remove", "lead", "rename")
        return tuple(Completion(f"team {verb}", "team", self._teams_like) for verb in verbs)


def _proper(ask: Ask, name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= NAME:
        raise Refusal(f"A team's name has 1 to {NAME} characters.", "", ask.line)
    return name
