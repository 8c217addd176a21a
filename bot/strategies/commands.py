"""`/strategy`: what was found to work, read by everybody, saved with its author's consent, and taken back by them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.chat.cards import Button, Card
from bot.chat.forms import FieldErrors, Form
from bot.chat.language import N_, _
from bot.chat.mass_mentions import mass_mention
from bot.chat.menu import Command, Option, OptionKind, Shortcut
from bot.chat.models import Refusal, Role
from bot.chat.parsing.button_values import read_fields, read_id, read_number
from bot.facts import StrategyShared, TriedThingChanged
from bot.feature import ButtonHandler, CommandHandler, FormHandler, Reads, Request, Writes, note_change
from bot.people import preferences
from bot.people.accounts import reachable_account
from bot.people.preferences import Reminders
from bot.strategies import cards, tables, try_tables
from bot.strategies.sources import StrategySource, StrategySources, name_message, wants_saving
from bot.strategies.tables import IS_SHOWN, Strategy, StrategyText, strategy
from bot.strategies.try_tables import TriedThing

PAGE = 4
"""Strategies on a page."""
WAITING = 5
"""Strategies of one person that may wait for their authors."""
SHORTCUTS = (
    Shortcut(
        cards.WRITE, N_("Save as a strategy"), N_("Save a message as a strategy, if its author agrees"), opens=True
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class StrategyCommands:
    """Saves strategies, shows them, and lets their authors decide."""

    sources: StrategySources
    tell: Callable[[Connection, object], None]

    def commands(self) -> Sequence[CommandHandler]:
        """`/strategy` and `/strategy save`."""
        answer = Option("answer", N_("An answer that worked"), OptionKind.ID, positional=True, letter="a")
        save = Command(
            "strategy", "save", N_("Save what worked, for others to find"), (answer,), opens=True,
            examples=("/strategy save", "/strategy save a301"), label=N_("Save a strategy"), repeats=True,
        )  # fmt: skip
        home = Command("strategy", "", N_("What people here found to work"), label=N_("Strategies"), common=True, under="reflect")  # fmt: skip
        return (CommandHandler(home, Reads(self.show_list)), CommandHandler(save, Reads(self.build_form)))

    def buttons(self) -> Sequence[ButtonHandler]:
        """Reading, and what authors and moderators decide."""
        return (
            ButtonHandler(cards.LIST, Reads(self.turn_page)),
            ButtonHandler(cards.SEE, Reads(self.show)),
            ButtonHandler(cards.AGREE, Writes(self.agree)),
            ButtonHandler(cards.DECLINE, Writes(self.decline)),
            ButtonHandler(cards.WITHDRAW, Writes(self.withdraw)),
            ButtonHandler(cards.RESTORE, Writes(self.restore)),
            ButtonHandler(cards.RETIRE, Writes(self.retire), Role.MODERATOR),
        )

    def forms(self) -> Sequence[FormHandler]:
        """Writing and editing."""
        return (
            FormHandler(cards.WRITE, Reads(self.build_form), Writes(self.save)),
            FormHandler(cards.EDIT, Reads(self.build_edit_form), Writes(self.edit)),
        )

    # ── reading ───────────────────────────────────────────────────────────────

    def show_list(self, conn: Connection, request: Request) -> Card:
        """The latest strategies."""
        return self._list(conn, request, 0)

    def turn_page(self, conn: Connection, request: Request) -> Card:
        """Another page."""
        page = read_number(request.value, most=3) if request.value else 0
        return replace(self._list(conn, request, page), replaces=True)

    def _list(self, conn: Connection, request: Request, page: int) -> Card:
        ours = (strategy.c.community_id == request.community.id, IS_SHOWN)
        found = tables.load_strategies(conn, *ours, limit=PAGE + 1, offset=page * PAGE)
        tries = try_tables.tries_of(conn, try_tables.STRATEGY, [one.id for one in found[:PAGE]])
        rows = [(one, tries.get(one.id, (0, False))[0]) for one in found[:PAGE]]
        return cards.list_card(rows, page, more=len(found) > PAGE)

    def show(self, conn: Connection, request: Request) -> Card:
        """One strategy, to whoever may read it."""
        one = self._readable(conn, request, read_id(request.value, "w"))
        return self.card_of(conn, request, one)

    def card_of(self, conn: Connection, request: Request, one: Strategy) -> Card:
        """A strategy as somebody sees it."""
        thing = TriedThing(try_tables.STRATEGY, one.id)
        return cards.strategy_card(
            one, try_tables.list_results(conn, thing, cards.RESULTS_SHOWN), try_tables.count_tries(conn, thing),
            tried=try_tables.has_tried(conn, thing, request.member.id), own=one.author_id == request.member.id,
            moderates=request.role >= Role.MODERATOR,
        )  # fmt: skip

    def _readable(self, conn: Connection, request: Request, strategy_id: int) -> Strategy:
        one = tables.find_strategy(conn, request.community.id, strategy_id)
        if one is None or not may_see(one, request) or self.sources.was_taken_back(conn, one.id):
            raise gone()
        return one

    # ── saving ────────────────────────────────────────────────────────────────

    def build_form(self, conn: Connection, request: Request) -> Form | Card:
        """The form, filled with the words that are to be saved; what is saved already is shown instead."""
        number = request.number("answer")
        about = request.about
        name = f"a{number}" if number is not None else request.value
        if about is not None:
            name = name_message(about)
        found = self.sources.find(conn, request, name)
        one = self._saved_from(conn, request, found)
        if (
            one is not None and name != request.value and may_see(one, request)
        ):  # not where a form was filled in
            return cards.saved_already_card(one)
        hint = ""
        if found.author_id != request.member.id:
            hint = _("These are the words of {name}. I ask them first. Nobody else reads it until they agree.", name=found.author)  # fmt: skip
        return cards.write_form(found.name, found.text, hint)

    def save(self, conn: Connection, request: Request) -> Card | FieldErrors:
        """Store what the form says: shown at once if it is one's own, else when its author agrees."""
        text = read_text(request)
        if isinstance(text, FieldErrors):
            return text
        found = self.sources.find(conn, request, request.value)
        self._check(conn, request, found, text)
        made = tables.add_strategy(
            conn,
            request.community.id,
            found.author_id,
            request.member.id,
            found.name,
            text,
            found.lesson,
            request.now,
        )
        if found.author_id == request.member.id:
            self.tell(conn, StrategyShared(request.community.id, made))
        reached = reachable_account(conn, request.community.id, found.author_id) is not None
        return cards.saved_card(self._found(conn, request, made), reached=reached)

    def _check(self, conn: Connection, request: Request, found: StrategySource, text: StrategyText) -> None:
        """Refuse what may not be stored, with the words."""
        home, own, said = request.community.id, found.author_id == request.member.id, text.whole
        if not request.member.keeps:
            raise Refusal(_("Saving is off for you."), _("`/my settings keep:yes` turns it on."), said)
        if not own and not wants_saving(conn, found.author_id):
            raise Refusal(_("{name} asked me to store nothing of theirs.", name=found.author), "", said)
        if not own and not may_ask(conn, found.author_id):
            raise Refusal(
                _("{name} wants no messages from me, so I cannot ask them.", name=found.author), _("You can ask them yourself."), said
            )  # fmt: skip
        if not own and tables.count_waiting(conn, home, request.member.id) >= WAITING:
            raise Refusal(
                _("{count} strategies you saved wait for their authors.", count=WAITING), _("Try again when some have answered."), said
            )  # fmt: skip
        if self._saved_from(conn, request, found) is not None:
            raise Refusal(
                _("This is saved already, or its author was asked."), _("`/strategy` shows what is saved."), said
            )  # fmt: skip

    @staticmethod
    def _saved_from(conn: Connection, request: Request, found: StrategySource) -> Strategy | None:
        """What was saved from there before, or declined; None also for words from nowhere."""
        own, home = found.author_id == request.member.id, request.community.id
        return (
            tables.find_strategy_from(conn, home, found.name, found.author_id, own=own)
            if found.name
            else None
        )

    def build_edit_form(self, conn: Connection, request: Request) -> Form:
        """One's own strategy, filled."""
        one = self._own(conn, request, read_id(request.value, "w"))
        return cards.write_form(f"w{one.id}", one.text, "", form=cards.EDIT)

    def edit(self, conn: Connection, request: Request) -> Card | FieldErrors:
        """Store what its author says now."""
        text = read_text(request)
        if isinstance(text, FieldErrors):
            return text
        one = self._own(conn, request, read_id(request.value, "w"), text.whole)
        tables.change_strategy(conn, one.id, text)
        self._tell_changed(conn, one)
        return replace(self.card_of(conn, request, self._found(conn, request, one.id)), replaces=True)

    # ── what its author decides ───────────────────────────────────────────────

    def agree(self, conn: Connection, request: Request) -> Card:
        """The author agrees; a second time says the same."""
        one = self._own(conn, request, read_id(request.value, "w"))
        if not one.agreed:
            if not request.member.keeps:
                raise Refusal(_("Saving is off for you."), _("`/my settings keep:yes` turns it on."))
            tables.agree(conn, one.id, request.now)
            self.tell(conn, StrategyShared(one.community_id, one.id))
        return replace(cards.agreed_card(one), replaces=True)

    def decline(self, conn: Connection, request: Request) -> Card:
        """The author says no: its words are removed. What they agreed to before is taken back instead."""
        found = tables.find_strategy(conn, request.community.id, read_id(request.value, "w"))
        if found is not None and found.author_id == request.member.id:
            if found.agreed:
                return self.withdraw(conn, request)
            tables.decline(conn, found.id, request.now)
        return replace(cards.declined_card(), replaces=True)

    def withdraw(self, conn: Connection, request: Request) -> Card:
        """The author takes it back: nobody finds it from now on. What they never agreed to, they decline."""
        one = self._own(conn, request, read_id(request.value, "w"))
        if not one.agreed:
            return self.decline(conn, request)
        tables.set_withdrawn(conn, one.id, request.now)
        self._tell_changed(conn, one)
        return replace(cards.withdrawn_card(one), replaces=True)

    def restore(self, conn: Connection, request: Request) -> Card:
        """The author brings it back within ten minutes."""
        one = tables.find_strategy(conn, request.community.id, read_id(request.value, "w"))
        if one is None or one.author_id != request.member.id or not one.agreed:
            raise gone()
        tables.set_withdrawn(conn, one.id, None)
        self._tell_changed(conn, one)
        return replace(self.card_of(conn, request, self._found(conn, request, one.id)), replaces=True)

    def retire(self, conn: Connection, request: Request) -> Card:
        """A moderator takes it out, or shows it again; on record."""
        state, out = read_fields(request.value, 2)
        one, away = self._readable(conn, request, read_id(state, "w")), out == "1"
        tables.set_retired(conn, one.id, request.now if away else None)
        self._tell_changed(conn, one)
        note_change(conn, request, "took out a strategy" if away else "showed a strategy again", f"w{one.id}")
        return replace(self.card_of(conn, request, self._found(conn, request, one.id)), replaces=True)

    def _tell_changed(self, conn: Connection, one: Strategy) -> None:
        """Whoever shows it follows."""
        self.tell(conn, TriedThingChanged(one.community_id, try_tables.STRATEGY, one.id))

    def _own(self, conn: Connection, request: Request, strategy_id: int, said: str = "") -> Strategy:
        one = tables.find_strategy(conn, request.community.id, strategy_id)
        taken = one is None or one.withdrawn or self.sources.was_taken_back(conn, one.id)
        if one is None or one.author_id != request.member.id or taken:
            raise gone(said)
        return one

    @staticmethod
    def _found(conn: Connection, request: Request, strategy_id: int) -> Strategy:
        one = tables.find_strategy(conn, request.community.id, strategy_id)
        if one is None:
            raise LookupError(f"strategy {strategy_id} was written and is not there")
        return one


def may_see(one: Strategy, request: Request) -> bool:
    """Whether somebody may read a strategy: everybody what is shown, its author and saver what waits."""
    if one.author_id == request.member.id or one.shown:
        return not one.withdrawn or (one.agreed and one.author_id == request.member.id)
    if one.withdrawn:
        return False
    if not one.agreed:
        return one.saver_id == request.member.id
    return request.role >= Role.MODERATOR


def may_ask(conn: Connection, member_id: int) -> bool:
    """Whether a member takes messages that they did not ask for."""
    wishes = preferences.preferences_of(conn, member_id)
    return wishes.direct and not wishes.stopped and wishes.reminders is not Reminders.OFF


def gone(said: str = "") -> Refusal:
    """The refusal for a strategy that somebody may not read or change, or that is gone."""
    return Refusal(
        _("That strategy is no longer here."), _("`/strategy` shows what is saved."), said,
        (Button(_("All strategies"), does=cards.LIST),),
    )  # fmt: skip


def read_text(request: Request) -> StrategyText | FieldErrors:
    """The parts that a form holds, or what is wrong with them."""
    given = {name: request.text(name).strip() for name in tables.LIMITS}
    for name, said in given.items():
        if mass_mention(said):
            return FieldErrors({name: _("Please take out what calls everybody, like @channel.")})
    return StrategyText(**given)
