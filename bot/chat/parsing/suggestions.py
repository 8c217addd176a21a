"""Suggestions for text that does not fit: what it may have meant, and the line corrected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher, get_close_matches

from bot.chat.language import _, format_list
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Refusal
from bot.chat.parsing.tokens import Token, readable_text
from bot.chat.parsing.values import EXAMPLES, explain_bad_time
from bot.chat.short_text import shorten


def bad_value(option: Option, got: str, line: str, said: str = "", token: Token | None = None) -> Refusal:
    """A value that does not fit. What was written stays out of the problem, because that may reach a log."""
    first = got.partition(" ")[0]
    renamed = dict(option.former_choices).get(first.casefold())
    if renamed is not None:
        mended = readable_text(replace_token(said, token, renamed)).strip() if token is not None else line
        problem = _("“{old}” is now called “{new}”.", old=first, new=renamed)
        return Refusal(problem, _("Write `{line}`.", line=f"{option.name}:{renamed}"), mended)
    near = nearest_words(first, option.choices, 0.6) if got else []
    if near and token is not None:
        line = readable_text(replace_token(said, token, near[0])).strip()
    why = explain_bad_time(option, got)
    wrote = why or _("You wrote “{word}”.", word=clip_text(first))
    told = [wrote if got else _("It is empty."), _shape(option)]
    if near:
        told.insert(1, _("Did you mean {word}?", word=near[0]))
    # What cannot be read, and why, is said once.
    problem = _("`{option}` is not clear.", option=option.name) if why else _problem(option)
    return Refusal(problem, " ".join(told), line)


def _problem(option: Option) -> str:
    if option.kind is OptionKind.MEMBER:
        return _("I cannot find that member for `{option}`.", option=option.name)
    if option.kind is OptionKind.CHANNEL:
        return _("I cannot find that channel for `{option}`.", option=option.name)
    return _("I cannot read `{option}`.", option=option.name)


def _shape(option: Option) -> str:
    if option.kind is OptionKind.TEXT:
        return _("Write a few words.")
    if option.choices:
        return _("It is one of {choices}.", choices=format_list(option.choices))
    if option.kind is OptionKind.YES_NO:
        return _("It is yes or no.")
    if option.kind is OptionKind.ID:
        example = f"{option.letter.rstrip('.')}{'1.2' if option.letter.endswith('.') else '12'}"
    else:
        example = EXAMPLES[option.kind]
    return _("Write it like {example}.", example=example)


def renamed_verb(said: str, words: Sequence[Token], command: Command) -> Refusal:
    """The answer to a verb that a command had before: the line with the verb it has now."""
    whole = replace(words[0], end=words[-1].end)
    old, mended = spell_out(words), readable_text(replace_token(said, whole, command.verb)).strip()
    problem = _("`{old}` is now `{new}`.", old=f"/{command.noun} {old}", new=f"/{command.path}")
    return Refusal(problem, _("Write `{line}`.", line=command.usage), mended)


def renamed_option(said: str, token: Token, option: Option) -> Refusal:
    """The answer to a key that an option had before: the line with the key it has now."""
    mended = readable_text(
        f"{said[: token.value - 1 - len(token.key or '')]}{option.name}{said[token.value - 1 :]}"
    )
    problem = _("`{old}` is now `{new}`.", old=f"{token.key}:", new=f"{option.name}:")
    return Refusal(problem, _("Write it like {example}.", example=f"`{option.name}:…`"), mended.strip())


def replace_token(said: str, token: Token, better: str) -> str:
    """The line with `better` in the place of this token."""
    return f"{said[: token.value]}{better}{said[token.end :]}"


def nearest_words(word: str, known: Iterable[str], cutoff: float) -> list[str]:
    """What is spelled nearly like the word, nearest first; everything when the cutoff is 0."""
    if cutoff:
        return get_close_matches(word.casefold()[:40], list(known), n=3, cutoff=cutoff)
    return sorted(known, key=lambda one: -SequenceMatcher(None, word.casefold()[:40], one).ratio())


def spell_out(words: Sequence[Token]) -> str:
    return " ".join(word.text for word in words)


def clip_text(text: str) -> str:
    return shorten(text, 40)
