"""Names written without quotes, divided where only what is known tells where one ends: `/team rename Old Name New Name`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.chat.cards import Card, Markdown
from bot.chat.language import _
from bot.chat.menu import Call, Option, OptionKind
from bot.chat.menu_cards import ROOM, line_button, rows_of

WAYS = 4
"""Ways to divide a name that are offered."""


@dataclass(frozen=True, slots=True)
class LooseName:
    """A name that took all words up to the end, and the name that should have followed it."""

    option: Option
    follower: Option
    text: str

    def divide(self, call: Call, known: Iterable[str]) -> list[Call]:
        """Every way to read it as something known and a name after it, the longest first; none where it is known."""
        words = self.text.split()
        names = {_fold(name) for name in known}
        if _fold(self.text) in names:
            return []
        cuts = [at for at in range(len(words) - 1, 0, -1) if _fold(" ".join(words[:at])) in names]
        return [self._cut(call, " ".join(words[:at]), " ".join(words[at:])) for at in cuts]

    def _cut(self, call: Call, first: str, rest: str) -> Call:
        both = {self.option.name: first, self.follower.name: rest}
        return replace(call, values={**call.values, **both}, written={**call.written, **both})


def find_loose_name(call: Call) -> LooseName | None:
    """The name of a call that may hold another name, which is missing."""
    names = [one for one in call.command.options if one.kind is OptionKind.NAME and one.positional]
    for option, follower in pairwise(names):
        text = call.values.get(option.name)
        if (
            option.name in call.loose
            and option.completes
            and isinstance(text, str)
            and " " in text
            and follower.name not in call.values
        ):
            return LooseName(option, follower, text)
    return None


def clash_card(loose: LooseName, ways: Iterable[Call]) -> Card | None:
    """The question how a line is meant, with a button for each way to read it; None where they do not fit on buttons."""
    lines = [(one, one.rewrite()) for one in list(ways)[:WAYS]]
    if any(len(line) > ROOM for _call, line in lines):
        return None
    buttons = [
        line_button(
            one.command,
            line,
            _(
                "{team}, then {rest}",
                team=one.written[loose.option.name],
                rest=one.written[loose.follower.name],
            ),
        )
        for one, line in lines
    ]
    question = _("I can read that in two ways. Which team do you mean?")
    return Card(question, (Markdown(question), *rows_of(buttons)))


def _fold(name: str) -> str:
    return " ".join(name.casefold().split())
