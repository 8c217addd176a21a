"""Nothing ends in grammar: every command of the menu, alone and with each part left out, gets something to press."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from adapters.discord.command_tree import VERBS
from bot.chat.menu import Command, Option, OptionKind
from tests.stories.room import Line, Sheet
from tests.stories.stage import story_menu

EVERYWHERE = pytest.mark.only("local", "slack", "discord", reason="every door has its own grammar")
NOUNS = tuple(story_menu().nouns)
SAID = {
    OptionKind.NUMBER: "7", OptionKind.YES_NO: "yes", OptionKind.DAY: "2026-12-01", OptionKind.DURATION: "3d",
    OptionKind.SPAN: '"2026-12-01 to 2026-12-04"', OptionKind.WHEN: '"2026-12-01 09:00"', OptionKind.CHANNEL: "#staffroom",
    OptionKind.MEMBER: "@ben", OptionKind.COMING: '"every mon 09:00"', OptionKind.ZONE: "Europe/Dublin",
}  # fmt: skip
"""A value of each kind, as it is typed; what names something names nothing that is there."""
GRAMMAR = re.compile(
    r"also needs|Write it like|/\w+ [\w ]+<|<\w+>|\[(?!file|picture|chart)\w+:|I cannot read|Something went wrong|older version"
)
DONE = (
    "my stop", "my resume", "my back", "my data export", "prompt export", "prompt preview", "discuss preview",
    "reflect anonymous", "reflect conversations", "prompt review", "tilth audit", "course list", "course join",
)  # fmt: skip
"""Commands that need nothing more: their answer is all there is to say."""


def said(option: Option) -> str:
    if option.kind is OptionKind.ID:
        return f"{option.letter.rstrip('.')}{'98.9' if option.letter.endswith('.') else '98'}"
    if option.choices:
        return option.choices[0]
    return SAID.get(option.kind, "Nowhere")


def there(stage, noun: str) -> list[Command]:
    """The commands of a noun; Discord has no room for all that only repeat another one."""
    every = platform_is_full(stage, noun)
    return [one for one in story_menu().of(noun) if not (every and one.repeats)]


def platform_is_full(stage, noun: str) -> bool:
    return stage.platform.platform == "discord" and len(story_menu().of(noun)) > VERBS


def lines_of(command: Command) -> Iterator[str]:
    """The command alone, with one part only, and with all that it needs but one."""
    yield f"/{command.path}"
    spelled = {option.name: f"{option.name}:{said(option)}" for option in command.options}
    needed = [option.name for option in command.options if option.required]
    for option in command.options:
        if option.kind is OptionKind.TEXT:
            yield f"/{command.path} -- Some words of mine"
        else:
            yield f"/{command.path} {spelled[option.name]}"
    for left_out in needed if len(needed) > 2 else ():
        yield f"/{command.path} " + " ".join(spelled[name] for name in needed if name != left_out)


@pytest.fixture
async def town(monday):
    """Something of everything is there: schedules, decks, an answer, a team, a course, a calendar."""
    stage = monday
    await stage.confirms("/discuss schedule #staffroom thu 16:00 title:Books repeat:weekly", who="ida")
    await stage.asks("ida", "/team create North")
    await stage.asks("ida", "/team join North")
    await stage.asks("ida", "/tilth calendar add 2026-12-21 to 2026-12-31 -- Winter break")
    form = await stage.asks("ida", "/reflect answer")
    await stage.fills_in("ida", form, q0="The side gate.", sharing="everyone")
    return stage


def ends_in_grammar(stage, shown) -> str:
    """What is wrong with an answer; empty where there is something to press, or nothing left to do."""
    if isinstance(shown, Sheet):
        return ""
    if not isinstance(shown, Line):
        return f"no answer: {shown!r}"
    if GRAMMAR.search(shown.text):
        return shown.text
    return "" if shown.buttons or shown.selects else f"nothing to press: {shown.text}"


@EVERYWHERE
@pytest.mark.parametrize("noun", NOUNS)
async def test_a_command_with_parts_left_out_gets_something_to_press(town, noun):
    stage, wrong = town, []
    local = stage.platform.platform == "local"
    for command in there(stage, noun):
        lines = list(lines_of(command))
        for line in lines if local else lines[:2]:
            shown = await stage.asks("ida", line)
            problem = ends_in_grammar(stage, shown)
            if problem and not (command.path in DONE and problem.startswith("nothing to press")):
                wrong.append((line, problem[:300]))
    assert not wrong, "\n".join(f"{line}\n    {problem}" for line, problem in wrong)


@pytest.mark.parametrize("noun", NOUNS)
async def test_where_nothing_is_there_yet_a_bare_command_leads_on(stage, noun):
    wrong = []
    for command in there(stage, noun):
        shown = await stage.asks("ida", f"/{command.path}")
        problem = ends_in_grammar(stage, shown)
        if problem and not (command.path in DONE and problem.startswith("nothing to press")):
            wrong.append((command.path, problem[:300]))
    assert not wrong, "\n".join(f"{line}\n    {problem}" for line, problem in wrong)
