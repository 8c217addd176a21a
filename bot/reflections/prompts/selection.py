"""Which prompt is next: the hand-ordered queue first, then the fairest of the decks; drawn once for an occurrence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, Text, and_, bindparam, exists, select

from bot.reflections.prompts import bank, seasons
from bot.reflections.prompts.bank import ASKABLE, BankedPrompt, prompt, prompt_from_row
from bot.reflections.prompts.memory import Spots, drawn, recall_askings
from bot.store.compiled import CompiledStatement
from bot.store.dialect import insert
from bot.store.foresight import SetQuestion, ask_once
from bot.store.wanted import SetStatement


@dataclass(frozen=True, slots=True)
class PromptSource:
    """Where a schedule draws from: decks, the first one first, and the tag its prompts must have ("": any).

    `series` is the schedule whose past counts: a single occurrence that was moved belongs to the one it came from.
    `spots` is where it posts: what others asked the people there counts too.
    `zone` is the one in which its dates have their month.
    """

    series: int
    decks: tuple[str, ...]
    tag: str = ""
    spots: Spots = frozenset()
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Supply:
    """How many prompts a source has, and how many of them it has asked least often: what is left of this round.

    `round` is how often it went through all of them.
    """

    total: int
    left: int
    round: int


@dataclass(frozen=True, slots=True)
class PromptDraw:
    """The prompt that is asked, None where there is nothing to ask; what is left then, None where it was drawn before."""

    prompt: BankedPrompt | None
    left: Supply | None = None


_DRAW_OF = ("occurrence_id", "community_id", "schedule_id", "prompt_id", "at")
_DRAW = CompiledStatement(insert(drawn), *_DRAW_OF)
_DRAWN = CompiledStatement(
    select(drawn.c.prompt_id).where(drawn.c.occurrence_id == bindparam("this")), "this"
)


def draw_prompt(
    conn: Connection,
    community_id: int,
    source: PromptSource,
    occurrence_id: int,
    now: datetime,
    kept: int | None = None,
) -> PromptDraw:
    """The prompt this occurrence asks, drawn the first time it is wanted, and what is left then.

    `kept` is the prompt that moderators were shown for it; it stays unless it was retired since.
    """
    known = _DRAWN.row(conn, {"this": occurrence_id})
    if known is not None:
        return PromptDraw(bank.find_prompt(conn, community_id, known.prompt_id, hold=True))
    line = _AskingOrder(conn, community_id, source)
    chosen = line.take(kept) if kept is not None else None
    chosen = chosen or line.next(now)
    if chosen is None:
        return PromptDraw(None, line.count(now))
    values = (occurrence_id, community_id, source.series, chosen.id, now)
    _DRAW.run(conn, dict(zip(_DRAW_OF, values, strict=True)))
    if chosen.turn is not None:
        bank.leave_queue(conn, community_id, chosen.id)
    return PromptDraw(bank.find_prompt(conn, community_id, chosen.id, hold=True), line.count(now))


def next_prompt(
    conn: Connection, community_id: int, source: PromptSource, at: datetime, kept: int | None = None
) -> BankedPrompt | None:
    """The prompt that would be drawn next, on this date, without drawing it."""
    return next(iter(next_prompts(conn, community_id, source, [at], kept)), None)


def next_prompts(
    conn: Connection,
    community_id: int,
    source: PromptSource,
    dates: Sequence[datetime],
    kept: int | None = None,
) -> list[BankedPrompt]:
    """The next prompts of a source, one for each of these dates, if nothing changes and nobody else draws."""
    line = _AskingOrder(conn, community_id, source)
    found: list[BankedPrompt] = []
    if kept is not None and (known := line.take(kept)) is not None:
        found.append(known)
    for at in dates[len(found) :]:
        coming = line.next(at)
        if coming is None:
            break
        found.append(coming)
    return found


def count_supply(
    conn: Connection, community_id: int, source: PromptSource, at: datetime | None = None
) -> Supply:
    """What is left of a source before it begins again; with `at`, of what may be asked at that time of the year."""
    return _AskingOrder(conn, community_id, source).count(at)


def was_drawn(conn: Connection, community_id: int, prompt_id: int) -> bool:
    """Whether any occurrence asked it, or is just asking it."""
    ours = exists().where(drawn.c.community_id == community_id, drawn.c.prompt_id == prompt_id)
    return bool(conn.execute(select(ours)).scalar_one())


def count_draws(conn: Connection, community_id: int) -> dict[int, int]:
    """How often each prompt was asked, over all schedules."""
    found: dict[int, int] = {}
    for one in conn.execute(select(drawn.c.prompt_id).where(drawn.c.community_id == community_id)).scalars():
        found[one] = found.get(one, 0) + 1
    return found


_BANK = SetQuestion.about(prompt)
_DECKS = SetStatement(
    lambda wanted: (
        select(prompt)
        .join(wanted, and_(prompt.c.community_id == wanted.c.home, prompt.c.deck == wanted.c.deck))
        .where(ASKABLE)
        .order_by(prompt.c.place, prompt.c.id)
    ),
    home=Integer,
    deck=Text,
)


class _AskingOrder:
    """The prompts of a source as they would be asked one after another.

    No prompt that is in season comes back to the same people before all were asked; among those they were asked least,
    what others asked some of them comes later. Then the earlier deck comes first; in it the one whose form was not asked
    last time and need not be asked twice running later, whose season is short, and whose theme was asked longest ago;
    then the order of the deck.
    """

    def __init__(self, conn: Connection, community_id: int, source: PromptSource) -> None:
        c = prompt.c
        self._conn, self._zone = conn, source.zone
        self._askable = select(prompt).where(c.community_id == community_id, ASKABLE)
        decks = [(community_id, deck) for deck in dict.fromkeys(source.decks)]
        rows = ask_once(conn, _BANK, (community_id, source.decks), lambda: _DECKS.rows(conn, decks))
        self.queue = [row for row in sorted(rows, key=_turn) if row.turn is not None]
        self.rows: Sequence[Any] = [
            row for row in rows if not source.tag or source.tag in prompt_from_row(row).prompt.tags
        ]
        self._seasons: dict[datetime, Sequence[Any]] = {}
        self.decks = {deck: number for number, deck in enumerate(source.decks)}
        self.own: Counter[int] = Counter()
        self.near: Counter[int] = Counter()
        self.themes: dict[str, int] = {}
        self.form = ""
        self.turns = 0
        past = recall_askings(conn, community_id, source.series, source.spots)
        contents = {row.id: row.content for row in rows}
        if others := {one.prompt_id for one in past} - contents.keys():
            known = conn.execute(select(c.id, c.content).where(c.id.in_(others)))
            contents |= {row.id: row.content for row in known}
        for one in past:
            self._count(one.prompt_id, contents[one.prompt_id], own=one.own, ours=one.ours)

    def count_times(self, row: Any) -> tuple[int, int]:
        """How often the people were asked this, and how often some of them were."""
        return self.own[row.id], self.near[row.id]

    def next(self, at: datetime) -> BankedPrompt | None:
        """Ask the next one, on this date."""
        if self.queue:
            return self._ask(self.queue.pop(0))
        if not self.rows:
            return None
        rows = self.in_season(at)
        times = [self.count_times(row) for row in rows]
        least = min(times)
        fair = [row for row, often in zip(rows, times, strict=True) if often == least]
        deck = min(self.decks[row.deck] for row in fair)
        first = [row for row in fair if self.decks[row.deck] == deck]
        forms = Counter(row.content["form"] for row in first)
        good = {form for form in forms if self._alternates(form, forms)}
        return self._ask(min(first, key=lambda row: (row.content["form"] not in good, *self._order(row))))

    def count(self, at: datetime | None) -> Supply:
        """What is left before they begin again; with `at`, of what may be asked at that time of the year."""
        times = [self.count_times(row) for row in (self.rows if at is None else self.in_season(at))]
        least = min(times, default=(0, 0))
        return Supply(len(self.rows), times.count(least), least[0])

    def in_season(self, at: datetime) -> Sequence[Any]:
        """The rows that may be asked at that time; all of them where none may: rather out of season than silent."""
        if at not in self._seasons:
            found = [row for row in self.rows if seasons.is_in_season(row, at, self._zone)]
            self._seasons[at] = found or self.rows
        return self._seasons[at]

    def _alternates(self, form: str, forms: Counter[str]) -> bool:
        """Whether one of this form and all that are left after it can be asked without a form twice running."""
        left = forms.total() - 1
        return form != self.form and all(
            2 * (count - (name == form)) <= left + (name != form) for name, count in forms.items()
        )

    def take(self, prompt_id: int) -> BankedPrompt | None:
        """Ask this one, which moderators were shown, whatever its deck and tags are; None when it was retired."""
        known = self._conn.execute(self._askable.where(prompt.c.id == prompt_id)).one_or_none()
        if known is None:
            return None
        self.queue = [row for row in self.queue if row.id != prompt_id]
        return self._ask(known)

    def _order(self, row: Any) -> tuple[object, ...]:
        theme = self.themes.get(row.content["theme"], -1)
        return row.content["form"] == self.form, not seasons.is_urgent(row), theme, row.place, row.id

    def _ask(self, row: Any) -> BankedPrompt:
        self._count(row.id, row.content)
        return prompt_from_row(row)

    def _count(self, prompt_id: int, content: Any, *, own: bool = True, ours: bool = True) -> None:
        self.own[prompt_id] += own
        self.near[prompt_id] += 1
        if not ours:
            return
        self.themes[content["theme"]] = self.turns
        self.form = content["form"]
        self.turns += 1


def _turn(row: Any) -> tuple[int, int]:
    return (row.turn if row.turn is not None else 0, row.id)
