"""Suggestions for text that does not fit: what it may have meant, and the line corrected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher, get_close_matches

from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Refusal
from bot.chat.parsing.tokens import Token, readable_text
from bot.chat.parsing.values import EXAMPLES, explain_bad_time


def bad_value(option: Option, got: str, line: str, said: str = "", token: Token | None = None) -> Refusal:
    """A value that does not fit. What was written stays out of the problem, because that may reach a log."""
    if option.kind in (OptionKind.MEMBER, OptionKind.CHANNEL):
        problem = f"I cannot find that {option.kind.value} for `{option.name}`."
    else:
        problem = f"I cannot read `{option.name}`."
    first = got.partition(" ")[0]
    renamed = dict(option.former_choices).get(first.casefold())
    if renamed is not None:
        mended = readable_text(replace_token(said, token, renamed)).strip() if token is not None else line
        return Refusal(f"“{first}” is now called “{renamed}”.", f"Write `{option.name}:{renamed}`.", mended)
    near = nearest_words(first, option.choices, 0.6) if got else []
    if near and token is not None:
        line = readable_text(replace_token(said, token, near[0])).strip()
    wrote = explain_bad_time(option, got) or f"You wrote “{clip_text(first)}”." if got else "It is empty."
    meant = f" Did you mean {near[0]}?" if near else ""
    return Refusal(problem, f"{wrote}{meant} {_shape(option)}", line)


def _shape(option: Option) -> str:
    if option.kind is OptionKind.TEXT:
        return "Write a few words."
    if option.choices:
        return f"It is one of {join_words(option.choices)}."
    if option.kind is OptionKind.ID:
        return f"Write it like {option.letter.rstrip('.')}{'1.2' if option.letter.endswith('.') else '12'}."
    if option.kind is OptionKind.YES_NO:
        return "It is yes or no."
    return f"Write it like {EXAMPLES[option.kind]}."


def renamed_verb(said: str, words: Sequence[Token], command: Command) -> Refusal:
    """The answer to a verb that a command had before: the line with the verb it has now."""
    whole = replace(words[0], end=words[-1].end)
    old, mended = spell_out(words), readable_text(replace_token(said, whole, command.verb)).strip()
    return Refusal(f"`/{command.noun} {old}` is now `/{command.path}`.", f"Write `{command.usage}`.", mended)


def renamed_option(said: str, token: Token, option: Option) -> Refusal:
    """The answer to a key that an option had before: the line with the key it has now."""
    mended = readable_text(
        f"{said[: token.value - 1 - len(token.key or '')]}{option.name}{said[token.value - 1 :]}"
    )
    return Refusal(
        f"`{token.key}:` is now `{option.name}:`.", f"Write it like `{option.name}:…`.", mended.strip()
    )


def replace_token(said: str, token: Token, better: str) -> str:
    """The line with `better` in the place of this token."""
    return f"{said[: token.value]}{better}{said[token.end :]}"


def nearest_words(word: str, known: Iterable[str], cutoff: float) -> list[str]:
    """What is spelled nearly like the word, nearest first; everything when the cutoff is 0."""
    if cutoff:
        return get_close_matches(word.casefold()[:40], list(known), n=3, cutoff=cutoff)
    return sorted(known, key=lambda one: -SequenceMatcher(None, word.casefold()[:40], one).ratio())


def join_words(things: Iterable[str], joint: str = "and") -> str:
    """All of them in one sentence: "a, b and c"."""
    *most, last = list(things) or ["nothing"]
    return f"{', '.join(most)} {joint} {last}" if most else last


def spell_out(words: Sequence[Token]) -> str:
    return " ".join(word.text for word in words)


def clip_text(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
