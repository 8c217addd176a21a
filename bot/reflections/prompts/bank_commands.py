"""What moderators do with single prompts of the bank: show, list, retire, tag and order them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.language import N_, _
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Refusal, Role
from bot.chat.parsing.button_values import read_fields, read_id, read_number
from bot.content import Wrong
from bot.feature import (
    ButtonHandler,
    CommandHandler,
    Completion,
    Handler,
    Reads,
    Request,
    Writes,
    note_change,
)
from bot.reflections.prompts import bank, bank_cards, prompt_form, selection
from bot.reflections.prompts.low_stock import Supplies
from bot.reflections.prompts.options import PROMPT, complete_deck, complete_prompt, named_prompt

MOVES = ("top", "up", "down", "bottom", "out")
_SPACE = str.maketrans({"|": " "})


@dataclass(frozen=True, slots=True)
class BankCommands:
    """The commands and buttons of moderators about one prompt."""

    supplies: Supplies

    def commands(self) -> Sequence[CommandHandler]:
        """What stands under `/prompt` for one prompt; `edit`, `show` and `list` are shared with schedules."""

        def command(
            verb: str,
            label: str,
            about: str,
            do: Handler[Card],
            *more: Option,
            examples: tuple[str, ...] = (),
        ) -> CommandHandler:
            options = (PROMPT, *more)
            made = Command(
                "prompt", verb, about, options, role=Role.MODERATOR, examples=examples, label=label
            )
            return CommandHandler(made, do)

        to = Option("to", N_("Where"), OptionKind.CHOICE, positional=True, choices=MOVES)
        tags = Option("tags", N_("Tags with spaces between"), OptionKind.TEXT)
        return (
            command("retire", N_("Retire a prompt"), N_("Stop asking a prompt"), Writes(self.retire_prompt)),
            command("unretire", N_("Bring a prompt back"), N_("Ask a retired prompt again"), Writes(self.unretire_prompt)),
            command(
                "tag", N_("Tag a prompt"), N_("Give a prompt new tags"), Writes(tag_prompt), tags,
                examples=("/prompt tag p12 -- term1 wellbeing",),
            ),
            command(
                "move", N_("Ask a prompt next"), N_("Ask a prompt before all others"),
                Writes(move_prompt), to, examples=("/prompt move p12 top",),
            ),
        )  # fmt: skip

    def buttons(self) -> Sequence[ButtonHandler]:
        """The buttons under a prompt and under a list of them."""
        return (
            ButtonHandler("prompt.page", Reads(list_page), Role.MODERATOR),
            ButtonHandler("prompt.retire", Writes(self.retire_prompt), Role.MODERATOR),
            ButtonHandler("prompt.unretire", Writes(self.unretire_prompt), Role.MODERATOR),
            ButtonHandler("prompt.top", Writes(move_to_top), Role.MODERATOR),
        )

    def retire_prompt(self, conn: Connection, request: Request) -> Card:
        """Ask a prompt no more."""
        one = named_prompt(conn, request, _number(request), hold=True)
        if one.retired_by is None:
            bank.retire_prompt(conn, request.community.id, one.id, request.now)
            note_change(conn, request, "retired", f"p{one.id}")
            self.supplies.check(conn, request.community.id, request.now)
        return bank_cards.retired_card(one)

    def unretire_prompt(self, conn: Connection, request: Request) -> Card:
        """Let a prompt be asked again."""
        one = named_prompt(conn, request, _number(request), hold=True)
        if one.retired_by is not None:
            bank.unretire_prompt(conn, request.community.id, one.id)
            note_change(conn, request, "brought back", f"p{one.id}")
            self.supplies.check(conn, request.community.id, request.now)
        times = selection.count_draws(conn, request.community.id).get(one.id, 0)
        card = bank_cards.details_card(
            replace(one, retired_by=None), times, _("{id} can be asked again.", id=f"p{one.id}")
        )
        return replace(card, replaces=bool(request.value))


COMPLETIONS: Sequence[Completion] = (
    *complete_prompt(*(f"prompt {verb}" for verb in ("edit", "show", "retire", "unretire", "tag", "move"))),
    *complete_deck(*(f"prompt {verb}" for verb in ("schedule", "list", "add", "edit", "import", "export"))),
    *complete_deck("reflect suggest"),
)


def _number(request: Request) -> int:
    """The prompt that a command names, or a button carries."""
    return request.number("prompt") or read_id(request.value)


# ── looking ───────────────────────────────────────────────────────────────────


def show_prompt(conn: Connection, request: Request) -> Card:
    """One prompt with everything about it."""
    one = named_prompt(conn, request, request.number("prompt") or 0)
    return bank_cards.details_card(one, selection.count_draws(conn, request.community.id).get(one.id, 0))


def list_prompts(conn: Connection, request: Request) -> Card:
    """The prompts of a deck, or with a tag, or with a word in them."""
    state = "|".join(request.text(name).translate(_SPACE)[:24] for name in ("deck", "tag", "find"))
    return replace(_page(conn, request, 0, state), replaces=False)


def list_page(conn: Connection, request: Request) -> Card:
    """Another page of a list of prompts."""
    page, *state = read_fields(request.value, 4, "|")
    return _page(conn, request, read_number(page), "|".join(state))


def _page(conn: Connection, request: Request, page: int, state: str) -> Card:
    deck, tag, find = state.split("|")
    found = bank.list_prompts(conn, request.community.id, deck, tag.removeprefix("#"), find)
    title = _("Prompts of {deck}", deck=deck) if deck else _("Prompts")
    times = selection.count_draws(conn, request.community.id)
    return bank_cards.prompts_card(found, times, page, state, title)


# ── tags and the order of asking ──────────────────────────────────────────────


def tag_prompt(conn: Connection, request: Request) -> Card:
    """Give a prompt tags; none takes them away."""
    try:
        tags = prompt_form.read_tags(request.text("tags"))
    except Wrong as wrong:
        raise Refusal(wrong.problem, wrong.fix, request.line) from None
    one = named_prompt(conn, request, request.number("prompt") or 0, hold=True)
    bank.tag_prompt(conn, request.community.id, one.id, tags)
    note_change(conn, request, "tagged", f"p{one.id}", {"tags": list(one.prompt.tags)}, {"tags": list(tags)})
    after = replace(one, prompt=replace(one.prompt, tags=tags))
    times = selection.count_draws(conn, request.community.id).get(one.id, 0)
    return bank_cards.details_card(
        after, times, _("Its tags are kept.") if tags else _("It has no tags now.")
    )


def move_prompt(conn: Connection, request: Request) -> Card:
    """Change the hand-ordered queue."""
    return _move(conn, request, request.number("prompt") or 0, request.text("to") or MOVES[0])


def move_to_top(conn: Connection, request: Request) -> Card:
    """Ask this prompt next."""
    return _move(conn, request, read_id(request.value), MOVES[0])


def _move(conn: Connection, request: Request, wanted: int, to: str) -> Card:
    one = named_prompt(conn, request, wanted, hold=True)
    if one.retired_by is not None:
        name = f"p{one.id}"
        back = _("{command} brings it back.", command=f"`/prompt unretire {name}`")
        raise Refusal(_("{id} is retired.", id=name), back, request.line)
    before = [each.id for each in bank.list_queue(conn, request.community.id)]
    after = reorder(before, one.id, to)
    bank.order_queue(conn, request.community.id, after)
    names = ([f"p{each}" for each in line] for line in (before, after))
    note_change(conn, request, "ordered", "the queue", *({"next": line} for line in names))
    return bank_cards.hand_queue_card(bank.list_queue(conn, request.community.id))


def reorder(line: list[int], one: int, to: str) -> list[int]:
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
