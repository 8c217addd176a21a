"""What moderators do with single prompts of the bank: add, edit, retire, tag, order, look at them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.forms import FieldErrors, Form
from bot.chat.models import Refusal
from bot.content import Wrong
from bot.feature import Request, note
from bot.reflections.prompts import bank, bank_cards, prompt_form, selection
from bot.reflections.prompts.bank import Banked, PromptOrigin
from bot.reflections.prompts.low_stock import Supplies
from bot.reflections.prompts.model import Prompt
from bot.reflections.schedule import asked_prompts, shown_prompts
from bot.reflections.schedule.approval import PromptApproval
from bot.reflections.schedule.ids import number_of
from bot.reflections.schedule.publish import PromptPublisher
from bot.store.store import Store

MOVES = ("top", "up", "down", "bottom", "out")
_SPACE = str.maketrans({"|": " "})


class BankCommands:
    """The moderator's side of the bank."""

    def __init__(
        self, store: Store, rhythm: PromptPublisher, supplies: Supplies, showing: PromptApproval
    ) -> None:
        self._store, self._rhythm, self._supplies, self._showing = store, rhythm, supplies, showing

    # ── adding ────────────────────────────────────────────────────────────────

    async def add(self, request: Request) -> Card | Form:
        """The form of a new prompt."""
        deck = prompt_form.slug_of(request.text("deck") or request.value, "")

        def look(conn: Connection) -> Form:
            known = list(bank.decks(conn, request.community.id))
            start = deck or (known[0] if known else "weekly")
            return prompt_form.prompt_form("prompt.add", "A new prompt", deck, known, start, None, "Add")

        return await self._store.read(look)

    async def take_new(self, request: Request) -> Card | FieldErrors:
        """Keep a new prompt."""
        deck, prompt, errors = prompt_form.read_form(request.values, None)
        if errors:
            return FieldErrors(errors)

        def keep(conn: Connection) -> Card:
            made = bank.add(conn, request.community.id, deck, prompt)
            note(conn, request, "added", f"p{made.id}", None, _state(made))
            self._supplies.check(conn, request.community.id, request.now)
            return bank_cards.one_card(made, 0, f"Added as p{made.id}.")

        return await self._store.write(keep)

    # ── editing ───────────────────────────────────────────────────────────────

    async def edit(self, request: Request) -> Card | Form:
        """The form of a prompt, filled; what was asked or is a file's is copied as a new one."""
        wanted = request.number("prompt") or number_of(request.value)

        def look(conn: Connection) -> Form:
            one = _find(conn, request, wanted)
            known = list(bank.decks(conn, request.community.id))
            title = "Edit as a new prompt" if self._is_settled(conn, one, request) else "Edit a prompt"
            return prompt_form.prompt_form(
                "prompt.edit", title, f"p{one.id}", known, one.deck, one.prompt, "Save"
            )

        return await self._store.read(look)

    @staticmethod
    def _is_settled(conn: Connection, one: Banked, request: Request) -> bool:
        return one.origin is PromptOrigin.FILE or selection.was_drawn(conn, request.community.id, one.id)

    async def take_edit(self, request: Request) -> Card | FieldErrors:
        """Keep the new words: in place while nobody has read the old ones, else as a new prompt."""

        def keep(conn: Connection) -> Card | FieldErrors:
            one = _find(conn, request, number_of(request.value), hold=True)
            deck, prompt, errors = prompt_form.read_form(request.values, one.prompt)
            if errors:
                return FieldErrors(errors)
            times = selection.times_drawn(conn, request.community.id).get(one.id, 0)
            going = asked_prompts.by_prompt(conn, request.community.id, one.id)
            if going is not None and times == 1 and one.origin is not PromptOrigin.FILE:
                if self._rhythm.reword(conn, going, prompt):
                    return self._reworded(
                        conn, request, one, deck, prompt, "It goes out with the new text, once."
                    )
            elif going is None and times == 0 and one.origin is not PromptOrigin.FILE:
                said = "Saved: the next time it is asked, it is asked like this."
                return self._reworded(conn, request, one, deck, prompt, said)
            return self._copied(conn, request, one, deck, prompt, out=going is not None)

        return await self._store.write(keep)

    def _reworded(
        self, conn: Connection, request: Request, one: Banked, deck: str, prompt: Prompt, said: str
    ) -> Card:
        bank.reword(conn, request.community.id, one.id, prompt)
        if deck != one.deck:
            prompt = bank.move_deck(conn, request.community.id, one.id, deck, prompt)
        after = replace(one, deck=deck, prompt=prompt)
        self._showing.refresh(conn, request, one.id)
        note(conn, request, "edited", f"p{one.id}", *_words(one, after))
        self._supplies.check(conn, request.community.id, request.now)
        return bank_cards.one_card(after, 0, said)

    def _copied(
        self, conn: Connection, request: Request, one: Banked, deck: str, prompt: Prompt, *, out: bool
    ) -> Card:
        """The old words stay as they were read; the new ones are a prompt of their own, in the old one's place."""
        made = bank.add(conn, request.community.id, deck, prompt)
        self._take_place(conn, request, one, made)
        bank.retire(conn, request.community.id, one.id, request.now)
        note(conn, request, "edited", f"p{one.id}", *_words(one, replace(made, id=one.id)))
        note(conn, request, "retired", f"p{one.id}", None, {"instead": f"p{made.id}"})
        self._supplies.check(conn, request.community.id, request.now)
        why = (
            "has gone out with the old text, which stays as it was answered"
            if out
            else "is what its content file says"
        )
        said = f"p{one.id} {why}. Your text is p{made.id}, and p{one.id} is retired (`/prompt unretire p{one.id}`)."
        return bank_cards.one_card(made, 0, said)

    def _take_place(self, conn: Connection, request: Request, one: Banked, made: Banked) -> None:
        line = [each.id for each in bank.queued(conn, request.community.id)]
        if one.id in line:
            bank.order(conn, request.community.id, [made.id if each == one.id else each for each in line])
        shown_prompts.swap(conn, request.community.id, one.id, made.id)
        self._showing.refresh(conn, request, made.id)

    # ── resting and tags ──────────────────────────────────────────────────────

    async def retire(self, request: Request) -> Card:
        """Ask a prompt no more."""
        wanted = request.number("prompt") or number_of(request.value)

        def rest(conn: Connection) -> Card:
            one = _find(conn, request, wanted, hold=True)
            if one.retired_by is None:
                bank.retire(conn, request.community.id, one.id, request.now)
                note(conn, request, "retired", f"p{one.id}")
                self._supplies.check(conn, request.community.id, request.now)
            return bank_cards.retired_card(one)

        return await self._store.write(rest)

    async def unretire(self, request: Request) -> Card:
        """Let a prompt be asked again."""
        wanted = request.number("prompt") or number_of(request.value)

        def wake(conn: Connection) -> Card:
            one = _find(conn, request, wanted, hold=True)
            if one.retired_by is not None:
                bank.unretire(conn, request.community.id, one.id)
                note(conn, request, "brought back", f"p{one.id}")
                self._supplies.check(conn, request.community.id, request.now)
            times = selection.times_drawn(conn, request.community.id).get(one.id, 0)
            said = f"p{one.id} can be asked again."
            return replace(
                bank_cards.one_card(replace(one, retired_by=None), times, said), replaces=bool(request.value)
            )

        return await self._store.write(wake)

    async def tag(self, request: Request) -> Card:
        """Give a prompt tags; none takes them away."""
        try:
            tags = prompt_form.read_tags(request.text("tags"))
        except Wrong as wrong:
            raise Refusal(wrong.problem, wrong.fix, request.line) from None

        def change(conn: Connection) -> Card:
            one = _find(conn, request, request.number("prompt") or 0, hold=True)
            bank.tag(conn, request.community.id, one.id, tags)
            note(conn, request, "tagged", f"p{one.id}", {"tags": list(one.prompt.tags)}, {"tags": list(tags)})
            after = replace(one, prompt=replace(one.prompt, tags=tags))
            times = selection.times_drawn(conn, request.community.id).get(one.id, 0)
            return bank_cards.one_card(after, times, "Its tags are kept." if tags else "It has no tags now.")

        return await self._store.write(change)

    # ── the order of asking ───────────────────────────────────────────────────

    async def move(self, request: Request) -> Card:
        """Change the hand-ordered queue."""
        return await self._moved(request, request.number("prompt") or 0, request.text("to") or MOVES[0])

    async def top(self, request: Request) -> Card:
        """Ask this one next."""
        return await self._moved(request, number_of(request.value), MOVES[0])

    async def _moved(self, request: Request, wanted: int, to: str) -> Card:
        def change(conn: Connection) -> Card:
            one = _find(conn, request, wanted, hold=True)
            if one.retired_by is not None:
                raise Refusal(
                    f"p{one.id} is retired.", f"`/prompt unretire p{one.id}` brings it back.", request.line
                )
            before = [each.id for each in bank.queued(conn, request.community.id)]
            after = moved(before, one.id, to)
            bank.order(conn, request.community.id, after)
            names = ([f"p{each}" for each in line] for line in (before, after))
            note(conn, request, "ordered", "the queue", *({"next": line} for line in names))
            return bank_cards.line_card(bank.queued(conn, request.community.id))

        return await self._store.write(change)

    # ── looking ───────────────────────────────────────────────────────────────

    async def show(self, request: Request) -> Card:
        """One prompt with everything about it."""

        def look(conn: Connection) -> Card:
            one = _find(conn, request, request.number("prompt") or 0)
            return bank_cards.one_card(one, selection.times_drawn(conn, request.community.id).get(one.id, 0))

        return await self._store.read(look)

    async def listing(self, request: Request) -> Card:
        """The prompts of a deck, or with a tag, or with a word in them."""
        state = "|".join(request.text(name).translate(_SPACE)[:24] for name in ("deck", "tag", "find"))
        return replace(await self._listed(request, 0, state), replaces=False)

    async def page(self, request: Request) -> Card:
        """Another page of them."""
        page, state = request.value.split("|", 1)
        return await self._listed(request, int(page), state)

    async def _listed(self, request: Request, page: int, state: str) -> Card:
        deck, tag, find = state.split("|")

        def look(conn: Connection) -> Card:
            found = bank.listing(conn, request.community.id, deck, tag.removeprefix("#"), find)
            title = f"Prompts of {deck}" if deck else "Prompts"
            return bank_cards.prompts_card(
                found, selection.times_drawn(conn, request.community.id), page, state, title
            )

        return await self._store.read(look)

    def like(self, conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
        """Prompts whose title or number begins to look like this, while somebody types."""
        found = bank.listing(conn, request.community.id)
        return ((f"p{one.id}", f"{one.prompt.title} ({one.deck})"[:100]) for one in found)

    def decks_like(self, conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
        """Decks; of a list with commas, the last one is being typed."""
        decks = bank.decks(conn, request.community.id)
        before, comma, last = request.value.rpartition(",")
        return tuple(
            (f"{before}{comma}{deck}", f"{deck} ({count} prompts)")
            for deck, count in decks.items()
            if last.strip().lower() in deck
        )


def moved(line: list[int], one: int, to: str) -> list[int]:
    """The queue with one prompt moved in it."""
    rest = [each for each in line if each != one]
    at = line.index(one) if one in line else len(rest)
    match to:
        case "out":
            return rest
        case "up":
            at = max(at - 1, 0)
        case "down":
            at = min(at + 1, len(rest))
        case "bottom":
            at = len(rest)
        case _:
            at = 0
    return [*rest[:at], one, *rest[at:]]


def _find(conn: Connection, request: Request, number: int, *, hold: bool = False) -> Banked:
    found = bank.by_id(conn, request.community.id, number, hold=hold)
    if found is None:
        raise Refusal(f"I know no prompt p{number}.", "`/prompt list deck:…` shows them.", request.line)
    return found


def _state(one: Banked) -> dict[str, Any]:
    """What the audit log keeps of a prompt: the words of moderators, not those of the member who suggested it."""
    state: dict[str, Any] = {"deck": one.deck}
    if one.origin is not PromptOrigin.SUGGESTED:
        state |= {"title": one.prompt.title, "question": [each.ask for each in one.prompt.questions]}
    return state


def _words(before: Banked, after: Banked) -> tuple[dict[str, Any], dict[str, Any]]:
    if before.origin is PromptOrigin.SUGGESTED:
        after = replace(after, origin=PromptOrigin.SUGGESTED)
    return _state(before), _state(after)
