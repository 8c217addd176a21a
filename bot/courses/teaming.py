"""`/team`: who belongs together, and how far they are."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import Connection

from bot.chat.cards import Block, Card, Markdown, Picture, say
from bot.chat.menu import Command, Kind, Option
from bot.chat.words import Refusal, Role, Sharing
from bot.courses import catalogue, enrolments, progress, team_cards, teams
from bot.courses.cards import UNDO_FOR
from bot.courses.catalogue import Listed
from bot.courses.learning import COURSE
from bot.courses.standing import Standing, Viewer, Walker, stand
from bot.courses.teams import Team
from bot.feature import Action, Answerer, Ask, Completion
from bot.people.accounts import member_at
from bot.people.manners import visibility
from bot.pictures.bars import Bar, chart
from bot.store.store import Store

T = TypeVar("T")
NAME = 40
"""Characters of a team's name."""


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
            return team_cards.listing(teams.teams(conn, ask.community.id), set())

        return await self._store.read(look)

    @staticmethod
    def blocks(conn: Connection, ask: Ask) -> Sequence[Block]:
        """One's teams, for the bot's own page."""
        mine = teams.teams_of(conn, ask.community.id, ask.member.id)
        return team_cards.home([(one, teams.mates(conn, one.id)) for one in mine]) if mine else ()

    async def listing(self, ask: Ask) -> Card:
        """All teams."""

        def look(conn: Connection) -> Card:
            mine = {one.id for one in teams.teams_of(conn, ask.community.id, ask.member.id)}
            return team_cards.listing(teams.teams(conn, ask.community.id), mine)

        return await self._store.read(look)

    async def progress(self, ask: Ask) -> Card:
        """How far a team is in a course."""
        seen = await self._store.read(lambda conn: self._standing(conn, ask))
        if isinstance(seen, Card):
            return seen
        standing, lessons, weeks = seen
        picture = await asyncio.to_thread(_picture, standing, weeks)
        return team_cards.standing_card(standing, picture, lessons)

    def _standing(
        self, conn: Connection, ask: Ask
    ) -> Card | tuple[Standing, list[str], list[tuple[str, int]]]:
        team = self._meant(conn, ask)
        mates = teams.mates(conn, team.id)
        ids = [mate.member_id for mate in mates]
        listed = self._course(conn, ask, ids)
        if isinstance(listed, Card):
            return listed
        taking = {one.member_id for one in enrolments.in_course(conn, listed.id, ids)}
        dots = progress.dots(conn, listed.id, ids)
        shown = visibility(conn, ids)
        walkers = [
            Walker(
                mate.member_id,
                mate.name,
                shown.get(mate.member_id, Sharing.ME),
                frozenset(dot.lesson for dot in dots if dot.member_id == mate.member_id and dot.done_at),
                frozenset(dot.lesson for dot in dots if dot.member_id == mate.member_id and dot.started_at),
            )
            for mate in mates
            if mate.member_id in taking
        ]
        lessons = {one.slug: one.title for one in listed.course.lessons}
        viewer = Viewer(ask.member.id, ask.role, ask.member.id in ids)
        standing = stand(team.name, listed.course.title, len(mates), walkers, lessons, viewer)
        weeks = teams.weeks(conn, team.id, listed.id) if standing.whole and standing.lessons else {}
        return standing, list(lessons.values()), [(week[5:], done) for week, done in weeks.items()]

    @staticmethod
    def _course(conn: Connection, ask: Ask, ids: list[int]) -> Listed | Card:
        """The course that is meant: the one named, or the one the team takes."""
        number = ask.number("course")
        if number is not None:
            found = catalogue.find(conn, ask.community.id, number)
            if found is None:
                known = ", ".join(one.name for one in catalogue.offered(conn, ask.community.id)) or "none"
                raise Refusal(f"I know no course c{number}.", f"Courses: {known}.", ask.line)
            return found
        courses = catalogue.offered(conn, ask.community.id)
        taken = [one for one in courses if enrolments.in_course(conn, one.id, ids)]
        fitting = taken or courses
        if not fitting:
            return say("There is no course yet")
        return fitting[0]

    def _meant(self, conn: Connection, ask: Ask) -> Team:
        """The team that is named or on the button, else one's own."""
        if ask.value.startswith("t"):
            found = teams.find(conn, ask.community.id, int(ask.value[1:].partition("/")[0]))
            if found is None:
                raise Refusal("That team is no more.", "`/team list` shows the others.")
            return found
        if name := ask.text("team"):
            return self._named(conn, ask, name)
        mine = teams.teams_of(conn, ask.community.id, ask.member.id)
        if len(mine) == 1:
            return mine[0]
        if not mine:
            raise Refusal(
                "You are in no team.", "`/team list` shows them; `/team join North` joins one.", ask.line
            )
        names = ", ".join(one.name for one in mine)
        raise Refusal("You are in several teams.", f"Say which: {names}.", ask.line)

    @staticmethod
    def _named(conn: Connection, ask: Ask, name: str) -> Team:
        found = teams.by_name(conn, ask.community.id, name)
        if found is None:
            known = ", ".join(one.name for one in teams.teams(conn, ask.community.id)[:10]) or "none yet"
            raise Refusal(f"I know no team {name[:NAME]}.", f"Teams: {known}.", ask.line)
        return found

    # ── coming and going ──────────────────────────────────────────────────────

    async def join(self, ask: Ask) -> Card:
        """Be in a team."""

        def work(conn: Connection) -> Card:
            team = self._named(conn, ask, ask.text("team"))
            teams.join(conn, ask.community.id, team.id, ask.member.id, ask.now)
            return team_cards.welcome(team)

        return await self._write(work)

    async def leave(self, ask: Ask) -> Card:
        """Be in a team no longer."""

        def work(conn: Connection) -> Card:
            team = self._meant(conn, ask)
            if not teams.leave(conn, ask.community.id, team.id, ask.member.id, ask.now):
                raise Refusal(f"You are not in {team.name}.", "`/team` shows your teams.", ask.line)
            return team_cards.gone(team, f"t{team.id}/{ask.member.id}")

        return await self._write(work)

    async def undo(self, ask: Ask) -> Card:
        """Undo leaving or removing, within ten minutes."""

        def work(conn: Connection) -> Card:
            team = self._meant(conn, ask)
            member_id = int(ask.value.partition("/")[2])
            if member_id != ask.member.id:
                self._may_change(conn, ask, team)
            at = teams.left_at(conn, team.id, member_id)
            if at is None or ask.now - at > UNDO_FOR:
                raise Refusal("There is nothing to undo any more.", f"`/team join {team.name}` goes back.")
            teams.join(conn, ask.community.id, team.id, member_id, ask.now)
            return replace(say("Undone", Markdown(f"Undone: **{team.name}** is as it was.")), replaces=True)

        return await self._write(work)

    # ── leads and moderators ──────────────────────────────────────────────────

    @staticmethod
    def _may_change(conn: Connection, ask: Ask, team: Team) -> None:
        if ask.role < Role.MODERATOR and not teams.leads(conn, team.id, ask.member.id):
            raise Refusal(
                "Only a moderator or whoever leads the team can do that.", "Ask one of them to do it for you."
            )

    async def create(self, ask: Ask) -> Card:
        """Make a team."""
        name = _proper(ask, ask.text("name"))

        def work(conn: Connection) -> Card:
            if teams.create(conn, ask.community.id, name, ask.now) is None:
                raise Refusal(f"There is a team {name} already.", f"`/team join {name}` joins it.", ask.line)
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
            team = self._named(conn, ask, ask.text("team"))
            self._may_change(conn, ask, team)
            other = teams.by_name(conn, ask.community.id, name)
            if other is not None and other.id != team.id:
                raise Refusal(f"There is a team {other.name} already.", "Choose another name.", ask.line)
            teams.rename(conn, ask.community.id, team.id, name)
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
            team = self._meant(conn, ask)
            self._may_change(conn, ask, team)
            member_id, name = self._whom(conn, ask)
            teams.join(conn, ask.community.id, team.id, member_id, ask.now)
            return team_cards.welcome(team, name)

        return await self._write(work)

    async def remove(self, ask: Ask) -> Card:
        """Take somebody out of a team."""

        def work(conn: Connection) -> Card:
            team = self._meant(conn, ask)
            self._may_change(conn, ask, team)
            member_id, name = self._whom(conn, ask)
            if not teams.leave(conn, ask.community.id, team.id, member_id, ask.now):
                raise Refusal(f"{name} is not in {team.name}.", "", ask.line)
            return team_cards.gone(team, f"t{team.id}/{member_id}", name)

        return await self._write(work)

    async def lead(self, ask: Ask) -> Card:
        """Let somebody lead a team, or no longer."""

        def work(conn: Connection) -> Card:
            team = self._meant(conn, ask)
            member_id, name = self._whom(conn, ask)
            wanted = ask.values.get("leads") is not False
            if wanted:
                teams.join(conn, ask.community.id, team.id, member_id, ask.now)
            teams.set_lead(conn, team.id, member_id, wanted)
            words = (
                f"{name} leads **{team.name}** now." if wanted else f"{name} no longer leads **{team.name}**."
            )
            return say(words.replace("*", ""), Markdown(words))

        return await self._write(work)

    # ── what it offers ────────────────────────────────────────────────────────

    async def _teams_like(self, ask: Ask, text: str) -> tuple[tuple[str, str], ...]:
        found = await self._store.read(lambda conn: teams.teams(conn, ask.community.id))
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
            Answerer(Command("team", "progress", "How far a team is", (which, COURSE)), self.progress),
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
        return (Action("team.see", self.progress), Action("team.undo", self.undo))

    def completions(self) -> tuple[Completion, ...]:
        """Choices while typing."""
        verbs = ("join", "leave", "progress", "add", "remove", "lead", "rename")
        return tuple(Completion(f"team {verb}", "team", self._teams_like) for verb in verbs)


def _proper(ask: Ask, name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= NAME:
        raise Refusal(f"A team's name has 1 to {NAME} characters.", "", ask.line)
    return name


def _picture(standing: Standing, weeks: Sequence[tuple[str, int]]) -> Picture | None:
    if standing.lessons:
        bars = [
            Bar(f"{i}. {one.title}", one.done, one.started, one.of)
            for i, one in enumerate(standing.lessons, 1)
        ]
        return chart(standing.team, standing.course, bars, "people", weeks)
    if standing.total is not None:
        done, of = standing.total
        return chart(standing.team, standing.course, [Bar("All lessons together", done, 0, of)], "lessons")
    return None
