"""The member's side of reflections: what is open, answering by form, and looking after one's own answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.cards import Card, Markdown, say
from bot.chat.forms import Form
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import FORMER_SHARING, Refusal, Sharing
from bot.chat.time.date_parser import Day, resolve_day
from bot.feature import ButtonHandler, CommandHandler, Completion, FormHandler, Request, Waits
from bot.reflections import cards
from bot.reflections.answers import answer_form, tables
from bot.reflections.answers.intake import SAVED, Answers, help_for
from bot.reflections.answers.tables import Answer
from bot.reflections.prompts.model import TextAnswer
from bot.reflections.schedule import asked_prompts
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.store.store import Store

PAGE = 5
"""Answers on one page of the history."""

T = TypeVar("T")


class MemberCommands:
    """What members ask for with `/reflect` and the buttons under a prompt."""

    def __init__(self, store: Store, answers: Answers) -> None:
        self._store = store
        self._answers = answers

    async def _write(self, work: Callable[[Connection], T]) -> T:
        return await self._store.write(work)

    # ── what is open, and answering it ────────────────────────────────────────

    async def now(self, request: Request) -> Card:
        """The open prompts, with buttons."""

        def look(conn: Connection) -> Card:
            prompts = asked_prompts.open_now(conn, request.community.id, request.now)
            ids = [one.id for one in prompts]
            done = {one for one in ids if tables.answer_of(conn, one, request.member.id) is not None}
            return cards.open_prompts(prompts, done, request.community.zone)

        return await self._store.read(look)

    async def answer(self, request: Request) -> Card | Form:
        """Answer in one line, or open the form, filled with what was understood."""
        text = request.text("text")
        here = await self._store.read(lambda conn: self._meant(conn, request, request.number("prompt"), text))
        if isinstance(here, Card):
            return here
        sharing = Sharing(request.text("share")) if request.text("share") else None
        simple = len(here.prompt.questions) == 1 and isinstance(here.prompt.questions[0].answer, TextAnswer)
        if not text or not simple or len(text) > answer_form.LIMIT:
            return await self._store.read(lambda conn: self._form(conn, request, here, sharing, text))
        values: dict[str, object] = {"q0": text, "sharing": sharing.value if sharing else None}
        return await self._write(
            lambda conn: cards.receipt(self._answers.submit(conn, request, here, values), here)
        )

    def _meant(
        self, conn: Connection, request: Request, prompt_id: int | None, text: str
    ) -> AskedPrompt | Card:
        """Which open prompt somebody means: the one they named, or the only one."""
        prompts = asked_prompts.open_now(conn, request.community.id, request.now)
        if prompt_id is not None:
            here = asked_prompts.by_prompt(conn, request.community.id, prompt_id)
            if here is None:
                known = ", ".join(f"p{one.prompt_id}" for one in prompts) or "none"
                raise Refusal(
                    f"I know no prompt p{prompt_id} that was asked.", f"Open now: {known}.", request.line
                )
            self._answers.check_open(request, here, text)
            return here
        if not prompts:
            raise Refusal("No prompt is open right now.", "`/reflect history` has your own answers.", text)
        if len(prompts) > 1 and text:
            known = "; ".join(f"p{one.prompt_id} “{one.prompt.title}”" for one in prompts)
            raise Refusal("Several prompts are open.", f"Say which: {known}.", request.line)
        if len(prompts) > 1:
            return cards.open_prompts(prompts, set(), request.community.zone)
        return prompts[0]

    def _form(
        self, conn: Connection, request: Request, here: AskedPrompt, sharing: Sharing | None, text: str = ""
    ) -> Form:
        self._answers.check_open(request, here, text)
        before = tables.answer_of(conn, here.id, request.member.id)
        size = help_for(conn, request.community.id, request.member.id, request.member.help)
        wanted = sharing or (before.sharing if before else None) or request.member.sharing or Sharing.ME
        return answer_form.answer_form(
            "reflect.answer", f"o{here.id}", here.prompt, size, before, wanted, text
        )

    async def build(self, request: Request) -> Form | Card:
        """The answer form behind a prompt's button."""

        def look(conn: Connection) -> Form | Card:
            if not request.value:  # from the platform's menu, where nobody could say which
                meant = self._meant(conn, request, None, "")
                return meant if isinstance(meant, Card) else self._form(conn, request, meant, None)
            here = asked_prompts.find(conn, request.community.id, _number(request.value))
            if here is None:
                raise Refusal("That prompt is no longer here.", "`/reflect` shows what is open.")
            return self._form(conn, request, here, None)

        return await self._store.read(look)

    async def take(self, request: Request) -> Card:
        """Keep a submitted answer."""

        def keep(conn: Connection) -> Card:
            here = asked_prompts.find(conn, request.community.id, _number(request.value))
            if here is None:
                raise Refusal(
                    "That prompt is no longer here.", "", "\n\n".join(map(str, request.values.values()))
                )
            return cards.receipt(self._answers.submit(conn, request, here, request.values), here)

        return await self._write(keep)

    async def skip(self, request: Request) -> Card:
        """Not this week: no reminder, and nobody learns of it."""

        def leave(conn: Connection) -> Card:
            here = asked_prompts.find(conn, request.community.id, _number(request.value))
            if here is not None:
                asked_prompts.not_this_week(conn, here, request.member.id)
            return say(
                "That's fine", Markdown("That's fine. I leave you alone with this one; only you and I know.")
            )

        return await self._write(leave)

    # ── one's own answers ─────────────────────────────────────────────────────

    async def history(self, request: Request) -> Card:
        """One's own answers, newest first."""
        day = request.values.get("since")
        since = _start(day, request) if day is not None else None
        return await self._page(request, 0, since, request.text("find")[:40])

    async def page(self, request: Request) -> Card:
        """Another page of the history; the filter travels in the button."""
        number, since, find = request.value.split("|", 2)
        return await self._page(request, int(number), datetime.fromisoformat(since) if since else None, find)

    async def _page(self, request: Request, page: int, since: datetime | None, find: str) -> Card:
        def look(conn: Connection) -> Card:
            found = tables.history(
                conn,
                request.community.id,
                request.member.id,
                since=since,
                find=find,
                offset=page * PAGE,
                limit=PAGE + 1,
            )
            rows = [
                (one, _must(asked_prompts.find(conn, request.community.id, one.occurrence_id)))
                for one in found[:PAGE]
            ]
            state = f"{since.isoformat() if since else ''}|{find}"
            return cards.history_card(rows, request.community.zone, page, len(found) > PAGE, state)

        return await self._store.read(look)

    async def edit(self, request: Request) -> Form | Card:
        """The form again, filled; what came from a message is edited where it was written."""
        number = request.number("answer") or _number(request.value)

        def look(conn: Connection) -> Form | Card:
            answer, here = self._answers.own(conn, request, number)
            if all(one.door == SAVED for one in answer.parts):
                raise Refusal(
                    "That answer is a copy of a message you picked.", "Delete it and pick the message again."
                )
            if any(one.door == "form" for one in answer.parts):
                form = self._form(conn, request, here, None)
                return replace(form, id="reflect.edit", value=f"a{answer.id}")
            return say(
                "Edit the message itself",
                Markdown(
                    "That answer is a message you wrote. Edit it where it stands, and I follow within moments."
                ),
            )

        return await self._store.read(look)

    async def take_edit(self, request: Request) -> Card:
        """Keep an edited answer; its new receipt takes the place of the old one."""

        def keep(conn: Connection) -> Card:
            _, here = self._answers.own(conn, request, _number(request.value))
            receipt = cards.receipt(self._answers.submit(conn, request, here, request.values), here)
            return replace(receipt, replaces=True)

        return await self._write(keep)

    async def share(self, request: Request) -> Card:
        """Change who can read an answer."""
        number, wanted = request.number("answer"), request.text("with")
        if number is None:
            state, wanted = request.value.rsplit("/", 1)
            number = _number(state)
        chosen, answer_id = Sharing(wanted), number
        return await self._write(
            lambda conn: replace(_kept(self._answers.share(conn, request, answer_id, chosen)), replaces=True)
        )

    async def delete(self, request: Request) -> Card:
        """Take an answer back, with ten minutes to undo it."""
        number = request.number("answer") or _number(request.value)

        def drop(conn: Connection) -> Card:
            gone = self._answers.withdraw(conn, request, number)
            return cards.deleted(gone.id, any(one.door != "form" for one in gone.parts))

        return await self._write(drop)

    async def undo(self, request: Request) -> Card:
        """Bring a deleted answer back."""
        return await self._write(
            lambda conn: replace(
                _kept(self._answers.restore(conn, request, _number(request.value))), replaces=True
            )
        )

    async def move(self, request: Request) -> Card:
        """A direct message was meant for another open prompt."""
        part, there = request.value.rsplit("/", 1)
        return await self._write(
            lambda conn: replace(
                _kept(self._answers.move(conn, request, int(part), _number(there))), replaces=True
            )
        )

    # ── what it offers ────────────────────────────────────────────────────────

    def _open_like(self, conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
        found = asked_prompts.open_now(conn, request.community.id, request.now)
        return ((f"p{one.prompt_id}", one.prompt.title) for one in found)

    def _own_like(self, conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
        found = tables.history(
            conn, request.community.id, request.member.id, since=None, find="", offset=0, limit=25
        )
        for one in found:
            asked = _must(asked_prompts.find(conn, request.community.id, one.occurrence_id))
            yield f"a{one.id}", asked.prompt.title

    def commands(self) -> tuple[CommandHandler, ...]:
        """The commands under /reflect."""
        answer = Option(
            "answer",
            "Which answer",
            OptionKind.ID,
            required=True,
            positional=True,
            letter="a",
            completes=True,
        )
        sharing = tuple(kind.value for kind in Sharing)
        return (
            CommandHandler(Command("reflect", "", "Open prompts, with Answer buttons"), Waits(self.now)),
            CommandHandler(Command("reflect", "now", "Open prompts, with Answer buttons"), Waits(self.now)),
            CommandHandler(
                Command(
                    "reflect", "answer", "Answer a prompt, in one line or by form",
                    (
                        Option("prompt", "Which prompt", OptionKind.ID, positional=True, letter="p", completes=True),
                        Option("share", "Who can read it", OptionKind.CHOICE, choices=sharing, former_choices=FORMER_SHARING),
                        Option("text", "Your answer", OptionKind.TEXT),
                    ),
                    opens=True,
                    examples=("/reflect answer We tried wait time.", "/reflect answer p12 share:team -- We tried wait time."),
                ),
                Waits(self.answer),
            ),
            CommandHandler(
                Command(
                    "reflect", "history", "Your own answers",
                    (Option("since", "From which day", OptionKind.DAY), Option("find", "A word in them")),
                    examples=("/reflect history find:hallway",),
                ),
                Waits(self.history),
            ),
            CommandHandler(Command("reflect", "edit", "Edit an answer", (answer,), opens=True), Waits(self.edit)),
            CommandHandler(
                Command(
                    "reflect", "share", "Choose who can read an answer",
                    (answer, Option("with", "Who", OptionKind.CHOICE, required=True, positional=True, choices=sharing)),
                ),
                Waits(self.share),
            ),
            CommandHandler(Command("reflect", "delete", "Delete an answer", (answer,)), Waits(self.delete)),
        )  # fmt: skip

    def actions(self) -> tuple[ButtonHandler, ...]:
        """The buttons and selects on prompts and receipts."""
        return (
            ButtonHandler("reflect.skip", Waits(self.skip)),
            ButtonHandler("reflect.page", Waits(self.page)),
            ButtonHandler("reflect.share", Waits(self.share)),
            ButtonHandler("reflect.delete", Waits(self.delete)),
            ButtonHandler("reflect.undo", Waits(self.undo)),
            ButtonHandler("reflect.move", Waits(self.move)),
        )

    def forms(self) -> tuple[FormHandler, ...]:
        """The answer form, by its two buttons."""
        return (
            FormHandler("reflect.answer", Waits(self.build), Waits(self.take)),
            FormHandler("reflect.edit", Waits(self.edit), Waits(self.take_edit)),
        )

    def completions(self) -> tuple[Completion, ...]:
        """Choices while typing."""
        return (
            Completion("reflect answer", "prompt", self._open_like),
            *(
                Completion(f"reflect {verb}", "answer", self._own_like)
                for verb in ("edit", "share", "delete")
            ),
        )


def _kept(changed: tuple[Answer, AskedPrompt]) -> Card:
    return cards.receipt(*changed)


def _must(here: AskedPrompt | None) -> AskedPrompt:
    if here is None:
        raise LookupError("an answer refers to a prompt that is not there")
    return here


def _number(value: str) -> int:
    """The number in a button's value like `o57`."""
    return int(value[1:])


def _start(day: object, request: Request) -> datetime:
    """The beginning of a day in the community's zone, as an instant; the last such day, not the next."""
    zone = ZoneInfo(request.community.zone)
    found: Day = day  # type: ignore[assignment]
    local = resolve_day(found, request.now.astimezone(zone).date())
    if local > request.now.astimezone(zone).date():
        local = local.replace(year=local.year - 1)
    return datetime.combine(local, time(), zone).astimezone(UTC)
