"""The menu as buttons: what a noun's home offers, and the question for what a command was not told.

A button of the menu carries a line that the parser of command lines reads, so whatever can be typed can be pressed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from bot.chat.cards import BUTTON_STATE, Block, Button, Buttons, Card, Heading, Markdown, Note, Quote
from bot.chat.language import _
from bot.chat.menu import Call, Command
from bot.chat.models import Refusal
from bot.chat.short_text import shorten

T = TypeVar("T")
RUN, OPEN, MORE, CHOOSE, FILL = "menu.run", "menu.open", "menu.more", "menu.choose", "menu.fill"
"""Buttons that run a line, open the form that a line asks for, show more of a noun, or more of what can be chosen; and
the form that asks for a command's options."""
AT_ONCE = 7
"""Buttons that somebody has before them at once; the last of more is "More"."""
ROW = 4
ROOM = BUTTON_STATE - len(f"{CHOOSE}:99/") - len("menu.open:")
"""Characters of a line that fit on a button."""
LABEL = 60
SHORT = 80
"""Characters of a command that is not handed back: a person's own text is longer."""


def line_button(command: Command, line: str = "", label: str = "", *, main: bool = False) -> Button:
    """A button that does what this line of the command would do when it was typed."""
    state, style = line or command.path, "main" if main else "plain"
    said = shorten(label or command.title, LABEL)
    if command.asks:
        return Button(said, opens=OPEN, value=state, style=style)  # type: ignore[arg-type]
    return Button(said, does=RUN, value=state, style=style)  # type: ignore[arg-type]


def fill_button(command: Command) -> Button:
    """A button that opens a form with everything the command can be told."""
    if command.opens or not command.options:
        return line_button(command, label=_("Use a form") if command.opens else "")
    return Button(_("Use a form"), opens=FILL, value=command.path)


def is_short(line: str) -> bool:
    """Whether a line is a command that is no loss to whoever wrote it."""
    return line.startswith("/") and len(line) <= SHORT


def way_on(refusal: Refusal, *buttons: Button) -> Refusal:
    """The same refusal, of the same type, with these buttons after its own."""
    refusal.buttons = (*refusal.buttons, *buttons)
    return refusal


def rows_of(buttons: Sequence[Button]) -> tuple[Block, ...]:
    """Buttons in rows that no platform breaks."""
    return tuple(Buttons(tuple(buttons[at : at + ROW])) for at in range(0, len(buttons), ROW))


def home_buttons(home: str, commands: Sequence[Command], page: int = 0) -> tuple[Block, ...]:
    """What can be done from a home, named by its path: common things first, at most seven at once."""
    shown, more = _page(offered(commands), page)
    buttons = [line_button(command) for command in shown]
    if more:
        buttons.append(Button(_("More"), does=MORE, value=f"{home}/{page + 1}"))
    return rows_of(buttons)


def offered(commands: Sequence[Command]) -> list[Command]:
    """The commands that a home offers, common ones first."""
    offers = [command for command in commands if (command.verb or command.under) and not command.repeats]
    return sorted(offers, key=lambda command: not command.common)


def more_card(home: Command, commands: Sequence[Command], page: int) -> Card:
    """Another page of what can be done from a home, each thing with what it does."""
    title = home.title
    shown, _more = _page(offered(commands), page)
    lines = "\n".join(f"- **{command.title}**: {_(command.summary)}" for command in shown)
    blocks = (Heading(title), Markdown(lines), *home_buttons(home.path, commands, page))
    return Card(title, blocks, replaces=page > 1)


def choice_card(
    call: Call, option: str, question: str, choices: Sequence[tuple[str, str]], page: int
) -> Card:
    """The question which one is meant, with a button for each that there is."""
    shown, more = _page(choices, page)
    buttons, lost = [], ""
    for value, label in shown:
        line = call.rewrite(**{option: value})
        if len(line) > ROOM:
            line = Call(call.command, {}).rewrite(**{option: value})
            lost = call.written.get(call.command.text.name, "") if call.command.text else ""
        if len(line) <= ROOM:
            buttons.append(line_button(call.command, line, label or value))
    if more:
        line = call.rewrite()
        short = line if len(line) <= ROOM - len(option) - 1 else call.command.path
        buttons.append(Button(_("More"), does=CHOOSE, value=f"{page + 1}/{option}/{short}"))
    kept: tuple[Block, ...] = (
        (Quote(lost), Note(_("Copy your text first: it does not fit on a button."))) if lost else ()
    )
    return Card(question, (Markdown(question), *rows_of(buttons), *kept), replaces=page > 0)


def form_card(title: str, command: Command, line: str) -> Card:
    """The way to a form for somebody who wrote where none can open."""
    fits = line if len(line) <= ROOM else command.path
    words = _("This needs a form. Press the button to open it.")
    blocks: list[Block] = [Markdown(words)]
    if fits != line:
        blocks.append(Markdown(_("Your text is too long for the button. Please copy it into the form.")))
    open_it = Button(_("Open the form"), opens=OPEN, value=fits, style="main")
    return Card(title, (*blocks, Buttons((open_it,))))


def _page(things: Sequence[T], page: int) -> tuple[Sequence[T], bool]:
    """One page of things, and whether there are more; a single page holds one more, as it needs no "More".

    The last page stands for those behind it, which an old button may still name.
    """
    each = AT_ONCE - 1
    if page == 0 and len(things) <= AT_ONCE:
        return things, False
    page = min(page, max(0, len(things) - 1) // each)
    return things[page * each : (page + 1) * each], len(things) > (page + 1) * each
