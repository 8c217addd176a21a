"""`/reflect read`: what others shared with the reader, by prompt, the latest first, with what is new since their last look."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from bot.chat.cards import Block, Button, Buttons, Card, Heading
from bot.chat.language import N_, _
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Refusal
from bot.chat.parsing.button_values import read_id, read_number
from bot.feature import ButtonHandler, CommandHandler, Completion, Reads, Request, Writes
from bot.people.audience import Reader, Readers
from bot.reflections.answers.tables import Answer, find_readable_answer
from bot.reflections.schedule import asked_prompts
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.reflections.shared_answers import cards, tables
from bot.reflections.shared_answers.cards import AnswerRow, PromptLine
from bot.reflections.shared_answers.searchable import FoundHandles
from bot.reflections.shared_answers.tables import PageStart

PAGE = 4
"""Answers on one page; with the buttons of each, more do not fit a card on every platform."""
PROMPTS = 6
"""Prompts on one page."""
HOME = 3
"""Prompts on the bot's own page: those with something new."""
_EPOCH, _TICK = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
_TICKS = 16
"""Digits of an instant in a button."""
_NEVER = "-"

AnswerHandles = Callable[[Connection, Request, Answer], Sequence[Button]]
"""The buttons that a reader gets on an answer which they may read: a room that has some is asked for them."""


@dataclass(frozen=True, slots=True)
class SharedAnswers:
    """The commands and buttons with which members read what others shared. `handles` fill the row under an answer, and
    `tried` makes the buttons for whoever tried what it tells, where there is room for them."""

    readers: Readers
    handles: tuple[AnswerHandles, ...] = ()
    tried: FoundHandles = lambda _conn, _reader, _answers: {}

    def commands(self) -> Sequence[CommandHandler]:
        """`/reflect read`."""
        prompt = Option(
            "prompt", N_("Which prompt"), OptionKind.ID, positional=True, letter="p", completes=True
        )
        read = Command(
            "reflect",
            "read",
            N_("Read what others shared with you"),
            (prompt,),
            examples=("/reflect read p12",),
            label=N_("Read answers"),
            common=True,
        )
        return (CommandHandler(read, Writes(self.read_prompt)),)

    def buttons(self) -> Sequence[ButtonHandler]:
        """The buttons of the reading pages."""
        return (
            ButtonHandler("reflect.read", Writes(self.turn_page)),
            ButtonHandler("reflect.whole", Reads(self.show_whole)),
        )

    def completions(self) -> Sequence[Completion]:
        """Prompts with answers to read while somebody types."""
        return (Completion("reflect read", "prompt", self._prompt_choices),)

    # ── reading ───────────────────────────────────────────────────────────────

    def read_prompt(self, conn: Connection, request: Request) -> Card:
        """The answers of the prompt that is named, else of the only one there is, else the prompts to choose from."""
        reader, number = self._reader(conn, request), request.number("prompt")
        if number is None:
            found = tables.list_shared_prompts(conn, reader, unseen=False, before=None, limit=PROMPTS + 1)
            if len(found) != 1:
                return self._list(conn, request, reader, found)
            here: AskedPrompt | None = found[0]
        else:
            here = asked_prompts.by_prompt(conn, request.community.id, number)
        if here is None:
            raise Refusal(
                _("There is no prompt p{number} with answers.", number=number),
                _("`/reflect read` shows what you can read."),
            )
        return self._page(conn, request, reader, here)

    def turn_page(self, conn: Connection, request: Request) -> Card:
        """Another page of a prompt's answers, or of the prompts."""
        reader, value = self._reader(conn, request), request.value
        if value.startswith("p") or not value:
            before = _position(value[1:]) if value else None
            found = tables.list_shared_prompts(conn, reader, unseen=False, before=before, limit=PROMPTS + 1)
            return replace(self._list(conn, request, reader, found), replaces=True)
        here = asked_prompts.find_asked_prompt(conn, request.community.id, read_id(value))
        if here is None:
            raise Refusal(_("That prompt is no longer here."), _("`/reflect read` shows what you can read."))
        turn = value.partition("/")[2]
        position, _slash, since = turn.partition("/")
        if not position:
            return replace(self._page(conn, request, reader, here), replaces=True)
        looked = None if since in ("", _NEVER) else _instant(since)
        return self._rest(conn, request, reader, here, _position(position), looked)

    def show_whole(self, conn: Connection, request: Request) -> Card:
        """One answer in full, if the reader may still read it."""
        answer = find_readable_answer(conn, self._reader(conn, request), read_id(request.value))
        here = (
            None
            if answer is None
            else asked_prompts.find_asked_prompt(conn, request.community.id, answer.occurrence_id)
        )
        if answer is None or here is None:
            raise Refusal(
                _("That answer is not shared with you."), _("`/reflect read` shows what you can read.")
            )
        start = request.value.partition("/")[2]
        handles = self.tried(conn, self._reader(conn, request), [answer]).get(answer.id, ())
        return cards.whole_card(
            answer, here, request.community.zone, read_number(start) if start else 0, handles
        )

    def home_blocks(self, conn: Connection, request: Request) -> Sequence[Block]:
        """Prompts with answers that are new to the reader, for the bot's own page."""
        reader = self._reader(conn, request)
        found = tables.list_shared_prompts(conn, reader, unseen=True, before=None, limit=HOME)
        every = Buttons((Button(_("All shared answers"), does="reflect.read"),))
        if not found:
            return (every,)
        lines = [self._line(conn, reader, here) for here in found]
        return (Heading(_("New answers to read")), *cards.prompt_blocks(lines, request.community.zone), every)

    # ── pages ─────────────────────────────────────────────────────────────────

    def _reader(self, conn: Connection, request: Request) -> Reader:
        return self.readers.reader(conn, request.community.id, request.member.id, request.role)

    def _page(self, conn: Connection, request: Request, reader: Reader, here: AskedPrompt) -> Card:
        """The first page: a look, after which nothing of the prompt is new."""
        looked = tables.last_look_at(conn, request.member.id, here.id)
        tables.note_look(conn, request.community.id, request.member.id, here.id, request.now)
        return replace(self._rest(conn, request, reader, here, None, looked), replaces=False)

    def _rest(
        self, conn: Connection, request: Request, reader: Reader, here: AskedPrompt,
        before: PageStart | None, looked: datetime | None,
    ) -> Card:  # fmt: skip
        """A page from a position on; new is what was shared after `looked`, also on the pages that follow."""
        found = tables.list_shared_answers(conn, reader, here.id, before, PAGE + 1)
        shown = found[:PAGE]
        ids = [one.answer.id for one in shown]
        tables.note_openings(conn, request.community.id, request.member.id, ids)
        whole = [one.answer for one in shown if not cards.is_cut(one.answer)]
        tried = self.tried(conn, reader, whole)
        rows = [
            AnswerRow(
                one.answer,
                looked is None or one.position.at > looked,
                (
                    *(button for handle in self.handles for button in handle(conn, request, one.answer)),
                    *tried.get(one.answer.id, ())[:1],
                ),
            )
            for one in shown
        ]
        older = ""
        if len(found) > PAGE:
            last, since = shown[-1].position, _NEVER if looked is None else _ticks(looked)
            older = f"o{here.id}/{_ticks(last.at)}.{last.id}/{since}"
        newest = f"o{here.id}" if before is not None else ""
        return cards.answers_card(
            here, rows, request.community.zone, newest=newest, older=older, replaces=True
        )

    def _list(self, conn: Connection, request: Request, reader: Reader, found: Sequence[AskedPrompt]) -> Card:
        lines = [self._line(conn, reader, here) for here in found[:PROMPTS]]
        older = ""
        if len(found) > PROMPTS:
            last = found[PROMPTS - 1]
            older = f"p{_ticks(last.opened_at)}.{last.id}"
        return cards.prompts_card(lines, request.community.zone, older=older)

    @staticmethod
    def _line(conn: Connection, reader: Reader, here: AskedPrompt) -> PromptLine:
        looked = None if reader.member_id is None else tables.last_look_at(conn, reader.member_id, here.id)
        count = tables.count_shared_answers(conn, reader, here.id)
        new = count if looked is None else tables.count_shared_answers(conn, reader, here.id, looked)
        return PromptLine(here, count, new)

    def _prompt_choices(self, conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
        found = tables.list_shared_prompts(
            conn, self._reader(conn, request), unseen=False, before=None, limit=25
        )
        return {f"p{one.prompt_id}": one.prompt.title for one in reversed(found)}.items()


def _ticks(at: datetime) -> str:
    """An instant as it travels in a button: microseconds since 1970."""
    return str((at - _EPOCH) // _TICK)


def _instant(text: str) -> datetime:
    return _EPOCH + read_number(text, most=_TICKS) * _TICK


def _position(text: str) -> PageStart:
    at, _, number = text.partition(".")
    return PageStart(_instant(at), read_id(f"a{number}"))
