"""Completions of a slash command that somebody is typing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from adapters.local.page.views import role
from adapters.local.world import World
from bot.chat.events import CompletionRequest
from bot.chat.help import LineSuggestion, option_at_cursor, suggest_lines
from bot.chat.models import Person, Place
from bot.chat.port import CorePort

MOST = 8
"""Suggestions that are shown at once."""
_NAME = re.compile(r"(?:(?<=[\s:])|^)([@#])([^\s@#]*)\Z")


async def suggest_completions(
    core: CorePort, world: World, person: Person, place: Place, line: str
) -> tuple[LineSuggestion, ...]:
    """Up to eight ways to go on with a line that begins with a slash: names, choices of the core, the grammar."""
    text = line.lstrip()
    if not text.startswith("/"):
        return ()
    found = [*_names(world, text), *await _choices(core, person, place, text)]
    found += suggest_lines(core.menu, text, role(person))
    return tuple({one.insert: one for one in reversed(found)}.values())[::-1][:MOST]


def _names(world: World, text: str) -> Iterator[LineSuggestion]:
    """People after `@`, channels after `#`."""
    found = _NAME.search(text)
    if found is None:
        return
    people = [one.name for one in world.people.values()]
    channels = [one.name for one in world.channels.values() if one.direct is None]
    for name in people if found[1] == "@" else channels:
        if name.casefold().startswith(found[2].casefold()):
            what = "person" if found[1] == "@" else "channel"
            yield LineSuggestion(f"{text[: found.start()]}{found[1]}{name} ", f"{found[1]}{name}", what)


async def _choices(core: CorePort, person: Person, place: Place, text: str) -> tuple[LineSuggestion, ...]:
    """What the core offers for the option at the cursor."""
    typed = option_at_cursor(core.menu, text)
    if typed is None:
        return ()
    command = typed.command
    asked = CompletionRequest(
        person, place, command.noun, command.verb, typed.option.name, typed.partial, typed.values
    )
    choices = await core.complete(asked)
    return tuple(LineSuggestion(typed.taking(value), label, typed.option.summary) for value, label in choices)
