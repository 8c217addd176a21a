"""Tried it: one tap under what others shared, two weeks later one private question, and what comes of it under the card."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, literal, select

from bot.chat.cards import Button, Card
from bot.chat.forms import FieldErrors, Form
from bot.chat.language import _
from bot.chat.mass_mentions import mass_mention
from bot.chat.models import Refusal, StaleValue
from bot.chat.parsing.button_values import read_fields, read_number
from bot.facts import TriedThingChanged
from bot.feature import ButtonHandler, FormHandler, PeriodicJob, Reads, Request, Writes
from bot.people.accounts import name_of
from bot.people.audience import Reader
from bot.people.languages import speaking_to
from bot.people.tables import community_by_id
from bot.reminders.policy import ReminderPolicy, ReminderRequest, Wording
from bot.runtime.clock import Clock
from bot.search.searchable import Searchable
from bot.store.store import Store
from bot.strategies import cards, tables, try_cards, try_tables
from bot.strategies.sources import StrategySources
from bot.strategies.try_tables import ANSWER, STRATEGY, TriedThing

AGAIN = timedelta(minutes=30)
SHOWN = 10
"""Results that are shown of an answer."""

Kinds = Callable[[], Sequence[Searchable]]


def try_buttons(
    conn: Connection, reader: Reader, kind: str, authors: Mapping[int, int]
) -> dict[int, tuple[Button, ...]]:
    """The buttons that somebody gets under things of a kind that were shared with them; `authors` has the author of each."""
    if reader.member_id is None:
        return dict.fromkeys(authors, ())
    tries = try_tables.tries_of(conn, kind, list(authors), reader.member_id)
    found: dict[int, tuple[Button, ...]] = {}
    for ref, author_id in authors.items():
        count, mine = tries.get(ref, (0, False))
        buttons = try_cards.tried_buttons(TriedThing(kind, ref), tried=mine, count=count)
        found[ref] = () if author_id == reader.member_id else buttons
    return found


@dataclass(frozen=True, slots=True)
class TryButtons:
    """Notes who tried what, and takes what they say of it. `kinds` know who may read what was tried."""

    sources: StrategySources
    kinds: Kinds
    tell: Callable[[Connection, object], None]

    def buttons(self) -> Sequence[ButtonHandler]:
        """Tried it, its way back, and who else did."""
        return (
            ButtonHandler(try_cards.TRY, Writes(self.note_try)),
            ButtonHandler(try_cards.UNTRY, Writes(self.take_back)),
            ButtonHandler(try_cards.RESULTS, Reads(self.show_results)),
        )

    def forms(self) -> Sequence[FormHandler]:
        """How it went."""
        return (FormHandler(try_cards.WENT, Reads(self.build_form), Writes(self.say_result)),)

    def note_try(self, conn: Connection, request: Request) -> Card:
        """Note that somebody tried it; a second time says so, and shows the way back."""
        thing = self._readable(conn, request)
        if not request.member.keeps:
            raise Refusal(_("Saving is off for you."), _("`/my settings keep:yes` turns it on."))
        if self._author_of(conn, request, thing) == request.member.id:
            raise Refusal(_("Those are your own words."), _("Others can tap this when they have tried it."))
        new = try_tables.add_try(conn, request.community.id, thing, request.member.id, request.now)
        return try_cards.tried_card(thing, new=new)

    def take_back(self, conn: Connection, request: Request) -> Card:
        """Take that back, with what was said of it, whether or not one may still read it."""
        thing = read_thing(request.value)
        was = try_tables.remove_try(conn, thing, request.member.id)
        if was:
            self.tell(conn, TriedThingChanged(request.community.id, thing.kind, thing.ref))
        return try_cards.untried_card(was=was)

    def show_results(self, conn: Connection, request: Request) -> Card:
        """What those say who tried what an answer tells."""
        thing = self._readable(conn, request)
        return try_cards.results_card(
            try_tables.list_results(conn, thing, SHOWN), try_tables.count_tries(conn, thing)
        )

    def build_form(self, conn: Connection, request: Request) -> Form:
        """How it went, with what was said before."""
        thing = self._tried(conn, request)
        return try_cards.went_form(thing, try_tables.own_result(conn, thing, request.member.id))

    def say_result(self, conn: Connection, request: Request) -> Card | FieldErrors:
        """Let others read it, or store nothing of it."""
        thing, text = self._tried(conn, request, request.text("result")), request.text("result").strip()
        if mass_mention(text):
            return FieldErrors({"result": _("Please take out what calls everybody, like @channel.")})
        shared = request.text("share") == try_cards.YES
        if shared and not request.member.keeps:
            raise Refusal(_("Saving is off for you."), _("`/my settings keep:yes` turns it on."), text)
        try_tables.share_result(conn, thing, request.member.id, text if shared else "", request.now)
        return try_cards.went_card(shared=shared)

    def _tried(self, conn: Connection, request: Request, said: str = "") -> TriedThing:
        thing = read_thing(request.value)
        if not try_tables.has_tried(conn, thing, request.member.id):
            raise Refusal(
                _("You have not said that you tried it."), _("Tap **Tried it** under it first."), said,
                (Button(_("Tried it"), does=try_cards.TRY, value=thing.state),),
            )  # fmt: skip
        return thing

    def _readable(self, conn: Connection, request: Request) -> TriedThing:
        thing = read_thing(request.value)
        if not may_read(conn, self.sources.reader_of(conn, request), thing, self.kinds()):
            raise Refusal(_("You cannot read that now."), _("`/find` shows what you can read."))
        return thing

    def _author_of(self, conn: Connection, request: Request, thing: TriedThing) -> int | None:
        if thing.kind == STRATEGY:
            one = tables.find_strategy(conn, request.community.id, thing.ref)
            return None if one is None else one.author_id
        return self.sources.find(conn, request, f"a{thing.ref}").author_id


def read_thing(value: str) -> TriedThing:
    """What a button names."""
    kind, number = read_fields(value, 2)
    if kind not in (STRATEGY, ANSWER):
        raise StaleValue
    return TriedThing(kind, read_number(number))


def may_read(conn: Connection, reader: Reader, thing: TriedThing, kinds: Sequence[Searchable]) -> bool:
    """Whether a reader may read what was tried, as its room says."""
    known = next((one for one in kinds if one.kind == thing.kind), None)
    if known is None:
        return False
    query = select(literal(1)).where(known.readable(reader, literal(thing.ref)))
    return conn.execute(query).first() is not None


@dataclass(frozen=True, slots=True)
class StrategyQuestions:
    """Asks authors whether their words may be shared, and whoever tried something how it went; within their reminders."""

    store: Store
    clock: Clock
    policy: ReminderPolicy
    sources: StrategySources
    kinds: Kinds

    def jobs(self) -> tuple[PeriodicJob, ...]:
        """What it looks after."""
        return (
            PeriodicJob("asking authors of strategies", 60, self.ask_authors, tables.next_asked),
            PeriodicJob("asking how it went", 60, self.ask_triers, try_tables.next_due),
        )

    async def ask_authors(self) -> int:
        """Ask every author who may be asked now; how many were due."""
        now = self.clock.now()
        due = await self.store.read(lambda conn: tables.list_asked(conn, now))
        for community_id, strategy_id in due:
            await self.store.write(partial(self._ask_author, community_id, strategy_id))
        return len(due)

    def _ask_author(self, community_id: int, strategy_id: int, conn: Connection) -> None:
        now, one = self.clock.now(), tables.find_strategy(conn, community_id, strategy_id)
        if one is None or one.agreed or one.withdrawn or self.sources.was_taken_back(conn, one.id):
            tables.ask_again(conn, strategy_id, None)
            return
        saver = (name_of(conn, one.saver_id) if one.saver_id is not None else "") or ""
        with speaking_to(conn, one.author_id):
            sentence = _("Only the person who saved it can read it until you agree. (w{id})", id=one.id)

        def card(said: Wording) -> Card:
            return cards.consent_card(one, said.sentence, saver)

        verdict = self._remind(
            conn, community_id, one.author_id, f"strategy:{one.id}", one.made_at, sentence, card, now
        )
        tables.ask_again(conn, strategy_id, verdict)

    async def ask_triers(self) -> int:
        """Ask everybody who tried something two weeks ago and may be asked now; how many were due."""
        now = self.clock.now()
        due = await self.store.read(lambda conn: try_tables.list_due(conn, now))
        for one in due:
            await self.store.write(
                partial(self._ask_trier, one.id, one.community_id, one.member_id, one.thing, one.at)
            )
        return len(due)

    def _ask_trier(
        self,
        try_id: int,
        community_id: int,
        member_id: int,
        thing: TriedThing,
        at: datetime,
        conn: Connection,
    ) -> None:
        now = self.clock.now()
        reader = self.sources.readers.absent_reader(conn, community_id, member_id)
        if not may_read(conn, reader, thing, self.kinds()):
            try_tables.ask_again(conn, try_id, None)
            return
        home = community_by_id(conn, community_id)
        with speaking_to(conn, member_id):
            sentence = try_cards.went_sentence(thing, home.day_of(at))

        def card(said: Wording) -> Card:
            return try_cards.went_question(thing, said.sentence)

        again = self._remind(conn, community_id, member_id, f"tried:{thing.state}", at, sentence, card, now)
        try_tables.ask_again(conn, try_id, again)

    def _remind(
        self, conn: Connection, community_id: int, member_id: int, reason: str, since: datetime, sentence: str,
        card: Callable[[Wording], Card], now: datetime,
    ) -> datetime | None:  # fmt: skip
        """Ask once, within the budget; when to try again, None: it was asked, or never will be."""
        wish = ReminderRequest(
            community_id=community_id, member_id=member_id, series=reason, reason=reason, period="once", since=since,
            why=str, sentences=(sentence,), card=card,
        )  # fmt: skip
        verdict = self.policy.remind(conn, wish, now)
        if verdict.id is not None or verdict.again is None:
            return None
        return max(verdict.again, now + AGAIN)
