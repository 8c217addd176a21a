"""The options with which people name a prompt or a deck, their choices while typing, and the prompt that is meant."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from bot.chat.language import N_, _, ngettext
from bot.chat.menu import Option, OptionKind
from bot.chat.models import UnclearOption
from bot.feature import Completion, Request
from bot.reflections.prompts import bank
from bot.reflections.prompts.bank import BankedPrompt

PROMPT = Option(
    "prompt", N_("Which prompt"), OptionKind.ID, required=True, positional=True, letter="p", completes=True
)
DECK = Option("deck", N_("Which deck"), completes=True)


def named_prompt(conn: Connection, request: Request, number: int, *, hold: bool = False) -> BankedPrompt:
    """The prompt with this number, held until the transaction ends if `hold`; `Refusal` when there is none."""
    found = bank.find_prompt(conn, request.community.id, number, hold=hold)
    if found is None:
        raise UnclearOption("prompt", _("There is no prompt {id}.", id=f"p{number}"))
    return found


def complete_prompt(*paths: str) -> tuple[Completion, ...]:
    """Prompts by number and title, while somebody types the `prompt` option of these commands."""
    return tuple(Completion(path, "prompt", _prompt_choices) for path in paths)


def complete_deck(*paths: str) -> tuple[Completion, ...]:
    """Decks with their size, while somebody types the `deck` option of these commands."""
    return tuple(Completion(path, "deck", _deck_choices, matched=True) for path in paths)


def _prompt_choices(conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
    found = bank.list_prompts(conn, request.community.id)
    return ((f"p{one.id}", f"{one.prompt.title} ({one.deck})"[:100]) for one in found)


def _deck_choices(conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
    """Of a list with commas, the last deck is being typed."""
    before, comma, last = request.value.rpartition(",")
    return tuple(
        (
            f"{before}{comma}{deck}",
            ngettext("{deck} ({count} prompt)", "{deck} ({count} prompts)", count, deck=deck),
        )
        for deck, count in bank.count_by_deck(conn, request.community.id).items()
        if last.strip().lower() in deck
    )
