"""Whatever happens to teams, roles, audiences and answers, everybody reads exactly what a naive model says."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.chat import plain_text
from bot.reflections.answers.digest import draw_digest
from bot.reflections.answers.hiding_reasons import HidingReason
from bot.reflections.answers.tables import answer
from bot.reflections.moderation.tables import hide_answer, show_answer
from bot.reports.waiting_list import list_waiting, moderators_of
from tests.audience.town import ELSEWHERE, Town, found_town, words
from tests.seeds import seeds
from tests.stories.stage import Stage, staged

MEMBERS = ("ada", "ben", "cleo", "dara", "eli", "fern")
STEPS = 30


@dataclass(slots=True)
class Told:
    """What somebody answered, and what became of it, as the model knows it."""

    number: int
    author: str
    sharing: str
    text: str
    gone: bool = False
    hidden: bool = False


@dataclass(slots=True)
class Model:
    """The town as anybody would write it down: who is in which team, who is a moderator, who said what to whom."""

    teams: dict[str, set[str]] = field(default_factory=lambda: {"North": set(), "South": set()})
    moderators: set[str] = field(default_factory=lambda: {"mo"})
    said: list[Told] = field(default_factory=list)

    def reads(self, who: str) -> set[str]:
        """The texts of others that somebody may read."""
        return {one.text for one in self.said if one.author != who and self.may(who, one)}

    def may(self, who: str, one: Told) -> bool:
        if who == "other" or one.gone or one.hidden:
            return False
        if one.sharing == "team":
            return any({who, one.author} <= team for team in self.teams.values())
        return one.sharing == "everyone" or (one.sharing == "moderators" and who in self.moderators)

    def of(self, who: str) -> Told | None:
        """What somebody answered last and has not erased."""
        mine = [one for one in self.said if one.author == who]
        return mine[-1] if mine else None


class History:
    """A random history, told to the bot and to the model alike."""

    def __init__(self, town: Town, chance: random.Random) -> None:
        self.town, self.chance, self.model = town, chance, Model()
        self.tokens = 0

    async def step(self) -> str:
        """Something happens to somebody; what."""
        who = self.chance.choice(MEMBERS)
        acts = (
            self.answer, self.share, self.share, self.withdraw, self.restore, self.erase, self.hide, self.join, self.join,
            self.leave, self.promote,
        )  # fmt: skip
        act = self.chance.choice(acts)
        await act(who)
        return f"{act.__name__} {who}"

    async def answer(self, who: str) -> None:
        before = self.model.of(who)
        if before is not None and not before.gone:
            return
        sharing = self.chance.choice(("me", "moderators", "team", "everyone"))
        self.tokens += 1
        text = f"Thought number {self.tokens} of this week."
        receipt = words(await self.town.asks(who, f"/reflect answer p1 share:{sharing} -- {text}"))
        assert text in receipt
        number = (await self.town.row(answer.select().order_by(answer.c.id.desc()))).id
        if before is not None:  # an answer that was taken back is taken up again
            number = before.number
            self.model.said.remove(before)
        self.model.said.append(Told(number, who, sharing, text, hidden=before is not None and before.hidden))

    async def share(self, who: str) -> None:
        one, sharing = self.model.of(who), self.chance.choice(("me", "moderators", "team", "everyone"))
        if one is not None and not one.gone:
            await self.town.asks(who, f"/reflect share a{one.number} {sharing}")
            one.sharing = sharing

    async def withdraw(self, who: str) -> None:
        if (one := self.model.of(who)) is not None and not one.gone:
            await self.town.asks(who, f"/reflect delete a{one.number}")
            one.gone = True

    async def restore(self, who: str) -> None:
        if (one := self.model.of(who)) is not None and one.gone:
            await self.town.presses(who, "reflect.undo", f"a{one.number}")
            one.gone = False

    async def erase(self, who: str) -> None:
        if self.chance.random() < 0.5:  # most histories go on
            return
        await self.town.submits(who, "my.delete", "", word="DELETE")
        self.model.said = [one for one in self.model.said if one.author != who]
        for team in self.model.teams.values():
            team.discard(who)

    async def hide(self, who: str) -> None:
        if (one := self.model.of(who)) is not None:
            one.hidden = not one.hidden
            number, at = one.number, self.town.stage.clock.now()
            if one.hidden:
                await self.town.stage.app.store.write(
                    lambda conn: hide_answer(conn, number, HidingReason.OTHER, at)
                )
            else:
                await self.town.stage.app.store.write(lambda conn: show_answer(conn, 1, number))

    async def join(self, who: str) -> None:
        team = self.chance.choice(tuple(self.model.teams))
        await self.town.asks(who, f"/team join {team}")
        self.model.teams[team].add(who)

    async def leave(self, who: str) -> None:
        team = self.chance.choice(tuple(self.model.teams))
        if who in self.model.teams[team]:
            await self.town.asks(who, f"/team leave {team}")
            self.model.teams[team].discard(who)

    async def promote(self, who: str) -> None:
        if who in self.model.moderators:
            self.model.moderators.discard(who)
            self.town.joins(who)
        else:
            self.model.moderators.add(who)
            self.town.joins(who, "moderator")

    # ── what is seen ──────────────────────────────────────────────────────────

    async def compare(self, who: str, after: str) -> None:
        """What somebody reads, by pages and one by one, beside what the model says."""
        shown, may = await self.town.reads(who), self.model.reads(who)
        wrong = {one.text for one in self.model.said if (one.text in shown) is not (one.text in may)}
        assert not wrong, (after, who, wrong)
        found = await self.town.finds(who, "thought")
        own = {one.text for one in self.model.said if one.author == who}
        assert {one.text for one in self.model.said if one.text in found} - own == may, (after, who)
        await self.compare_waiting(who, after)
        for one in self.model.said:
            whole = words(await self.town.presses(who, "reflect.whole", f"a{one.number}"))
            may_open = self.model.may(who, one) or (one.author == who and not one.gone)
            assert (one.text in whole) is may_open, (after, who, one)

    async def compare_waiting(self, who: str, after: str) -> None:
        """What waits for a moderator, and what they are told could be shown: theirs to read, as the model says."""
        if who not in self.model.moderators:
            shown = words(await self.town.asks(who, "/report waiting"))
            assert ("Only a moderator can" in shown) is (who != "other"), (after, who)
            assert not any(one.text in shown for one in self.model.said), (
                "an admin of elsewhere reads nothing of ours"
            )
            return
        reader = moderators_of(1, await self.town.member(who))
        later = self.town.stage.clock.now() + timedelta(days=2)
        waits = await self.town.stage.app.store.read(
            lambda conn: {one.answer.text for one in list_waiting(conn, reader, later, None, 50)}
        )
        may = {one.text for one in self.model.said if one.author != who and self.model.may(who, one)}
        teams = {one.text for one in self.model.said if one.sharing == "team"}
        assert waits == may - teams, (after, who)

    async def compare_digest(self, after: str) -> None:
        """The digest beside the model: it is everybody's."""
        card = await self.town.stage.app.store.read(lambda conn: draw_digest(conn, 1, "1"))
        public = [
            one for one in self.model.said if one.sharing == "everyone" and not one.gone and not one.hidden
        ]
        assert card is not None
        shown = plain_text.card_text(card)
        assert {one.text for one in self.model.said if one.text in shown} == {one.text for one in public}, (
            after
        )

    async def compare_export(self, after: str) -> None:
        """What a moderator exports beside the model: what every moderator may read, whoever asks and whatever their team."""
        shown = words(await self.town.submits("mo", "report.export", "", format="json"))
        wanted = {
            one.text
            for one in self.model.said
            if one.sharing in ("everyone", "moderators") and not one.gone and not one.hidden
        }
        assert {one.text for one in self.model.said if one.text in shown} == wanted, after


@pytest.mark.parametrize("seed", seeds(1, 30))
async def test_everybody_reads_exactly_what_a_naive_model_says(tmp_path, seed):
    async with staged(tmp_path, "local") as stage:
        await tell_history(stage, random.Random(seed), STEPS)


@pytest.mark.postgres
async def test_everybody_reads_the_same_on_postgres(tmp_path, postgres_url):
    async with staged(tmp_path, "local", url=postgres_url) as stage:
        await tell_history(stage, random.Random(9), STEPS // 2)


async def tell_history(stage: Stage, chance: random.Random, steps: int) -> None:
    """One prompt, two teams, and so many steps; after each some people read, after the last all."""
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
    await stage.until("2026-10-05 09:00")
    town = await found_town(stage)
    for who in MEMBERS:
        town.joins(who)
    town.joins("mo", "moderator")
    town.joins("other", "admin", space=ELSEWHERE)
    for team in ("North", "South"):
        await town.asks("mo", f"/team create {team}")
    history = History(town, chance)
    for who in MEMBERS[:4]:
        await history.answer(who)
        await history.join(who)
    for number in range(steps):
        await stage.later(seconds=1)
        after = await history.step()
        for who in chance.sample((*MEMBERS, "mo", "other"), 8 if number == steps - 1 else 2):
            await history.compare(who, after)
        await history.compare_digest(after)
        if number % 5 == 0:
            await history.compare_export(after)
    assert await stage.broken() == []
