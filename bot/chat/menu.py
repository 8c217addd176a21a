"""The menu: one list of commands that drives every platform, the help text and docs/commands.md.

A command is a noun and a verb (`reflect`, `answer`) with typed options. On Discord they become typed
subcommands; on Slack and in the playground one line of text that `bot.chat.parsing` reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from bot.chat.language import _
from bot.chat.models import Role

SHORTCUT = 24
"""Characters of a shortcut's label: Slack's limit; Discord's is 32."""


class OptionKind(StrEnum):
    """What an option holds, and the Python value it arrives as."""

    TEXT = "text"
    """Free text to the end of the line; at most one per command, always last. `str`."""
    WORD = "word"
    """One word or a quoted phrase. `str`."""
    NAME = "name"
    """A name as people write it, of several words without quotes: up to the next option or dash. `str`."""
    NUMBER = "number"
    """A whole number. `int`."""
    YES_NO = "yes or no"
    """`bool`."""
    CHOICE = "choice"
    """One of `choices`. `str`."""
    ID = "id"
    """A short id with its letter (`p12`). `int`, the number without the letter. A letter with a dot (`c.`) holds
    two numbers: `c1.2` is the `str` "1.2"."""
    MEMBER = "member"
    """A person; the platform's id. `str`."""
    CHANNEL = "channel"
    """A channel; the platform's id. `str`."""
    GROUP = "group"
    """A role or a group of people; the platform's id, or how it is written. `str`."""
    WHEN = "time"
    """A moment as people write it. `(moment_parser.When, str | None)`: the zone is optional."""
    DAY = "day"
    """A date as people write it. `date_parser.Day`."""
    SPAN = "dates"
    """From one day to another. A pair of `date_parser.Day`."""
    RHYTHM = "rhythm"
    """A rule (`every mon 9am`) with an optional zone. `(rules.Rule, str | None)`."""
    COMING = "time or rhythm"
    """A moment or a rule (`thu 4pm`, `every thu 4pm`). `(moment_parser.When | rules.Rule, str | None)`."""
    DURATION = "duration"
    """A length of time (`6d`). `timedelta`."""
    ZONE = "zone"
    """An IANA zone name. `str`."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing a command can be told.

    A `positional` option may be written without its name. `letter` is the letter of an ID. `completes` says
    that the core offers choices while the person types (titles, never bare ids). `formerly` are names it had
    before, and `former_choices` pairs of an old choice and its new one: both are answered with the line to copy. `labels`
    say the choices in words, in their order.
    """

    name: str
    summary: str
    kind: OptionKind = OptionKind.WORD
    required: bool = False
    positional: bool = False
    choices: tuple[str, ...] = ()
    letter: str = ""
    completes: bool = False
    formerly: tuple[str, ...] = ()
    former_choices: tuple[tuple[str, str], ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """A noun and a verb that somebody with `role` may use. An empty verb is the noun's home.

    `opens` says that the answer may be a form, so the platform must not answer "one moment" first. `public`
    says that the answer may be seen by everybody in the place; all other answers are private.

    `label` names it on a button, in the words of the act. A noun's home offers what is `common` first, and never what
    only `repeats` another command. A noun's home that stands `under` another noun has its button there instead of on the
    first card.
    """

    noun: str
    verb: str
    summary: str
    options: tuple[Option, ...] = ()
    role: Role = Role.MEMBER
    opens: bool = False
    public: bool = False
    examples: tuple[str, ...] = ()
    formerly: tuple[str, ...] = ()
    label: str = ""
    common: bool = False
    repeats: bool = False
    under: str = ""

    def __post_init__(self) -> None:
        texts = [option for option in self.options if option.kind is OptionKind.TEXT]
        if len(texts) > 1 or (texts and self.options[-1] is not texts[0]):
            raise ValueError(f"{self.path}: the one free text must be the last option")

    @property
    def path(self) -> str:
        return f"{self.noun} {self.verb}".strip()

    @property
    def text(self) -> Option | None:
        """The free text this command takes, if any."""
        last = self.options[-1] if self.options else None
        return last if last is not None and last.kind is OptionKind.TEXT else None

    def option(self, name: str) -> Option | None:
        return next((option for option in self.options if option.name == name), None)

    @property
    def asks(self) -> bool:
        """Whether the command alone may be answered with a form."""
        return self.opens or any(option.required for option in self.options)

    @property
    def title(self) -> str:
        """What its button says."""
        return _(self.label) if self.label else (self.verb or self.noun).capitalize()

    @property
    def usage(self) -> str:
        """How to write it: `/reflect answer [prompt] [share:…] [-- text]`."""
        parts = [f"/{self.path}"]
        for option in self.options:
            if option.kind is OptionKind.TEXT:
                shape = f"-- {option.name}"
            elif option.positional:
                shape = f"<{option.name}>" if option.required else option.name
            else:
                shape = f"{option.name}:" + ("|".join(option.choices) if option.choices else "…")
            parts.append(shape if option.required else f"[{shape}]")
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Something the platform's own menu offers: on a message, or from anywhere.

    `id` is the button it stands for: an action it does, or with `opens` a form. `label` has at most 24 characters
    (Slack's limit). A platform that has no menu of the kind leaves it out: there is a command for all of them.
    """

    id: str
    label: str
    summary: str
    on: Literal["message", "anywhere"] = "message"
    opens: bool = False
    role: Role = Role.MEMBER

    def __post_init__(self) -> None:
        if not 0 < len(self.label) <= SHORTCUT:
            raise ValueError(f"shortcut {self.id}: a label has 1 to {SHORTCUT} characters")


@dataclass(frozen=True, slots=True)
class Menu:
    """All commands, with the sentence that introduces each noun, and the shortcuts."""

    commands: tuple[Command, ...]
    nouns: dict[str, str] = field(default_factory=dict)
    shortcuts: tuple[Shortcut, ...] = ()

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for command in self.commands:
            if command.path in seen:
                raise ValueError(f"two commands are called /{command.path}")
            if command.noun not in self.nouns:
                raise ValueError(f"/{command.path}: its noun needs a sentence in `nouns`")
            seen.add(command.path)
        for command in self.commands:
            for old in command.formerly:
                if self.find(command.noun, old) is not None:
                    raise ValueError(f"/{command.path}: its former name /{command.noun} {old} is taken")

    def of(self, noun: str) -> tuple[Command, ...]:
        """The commands of one noun, in order."""
        return tuple(command for command in self.commands if command.noun == noun)

    def below(self, home: Command) -> tuple[Command, ...]:
        """What a home leads to: the verbs of its noun and the homes under it, or the verbs that begin with its own words."""
        if home.verb:
            return tuple(one for one in self.of(home.noun) if one.verb.startswith(f"{home.verb} "))
        inner = [one.verb for one in self.of(home.noun) if one.verb and self.below(one)]
        verbs = tuple(
            one for one in self.of(home.noun)
            if one.verb and not any(one.verb.startswith(f"{verb} ") for verb in inner)
        )  # fmt: skip
        return verbs + tuple(one for one in self.commands if one.under == home.noun)

    def find(self, noun: str, verb: str) -> Command | None:
        return next((c for c in self.commands if c.noun == noun and c.verb == verb), None)

    def allowed(self, role: Role) -> Iterator[Command]:
        """What somebody with this role may use."""
        return (command for command in self.commands if command.role <= role)


@dataclass(frozen=True, slots=True)
class Call:
    """A command that was understood: which one, and its typed values by option name.

    `line` is what the person wrote, for handing back; `written` is each value as it was written. `loose`: what stands
    there without quotes, so that more than one name may be in it.
    """

    command: Command
    values: dict[str, object]
    line: str = ""
    written: Mapping[str, str] = field(default_factory=dict)
    loose: frozenset[str] = frozenset()

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of required options that were not given."""
        options = self.command.options
        return tuple(one.name for one in options if one.required and one.name not in self.values)

    @property
    def opens(self) -> bool:
        """Whether the answer may be a form: the command's own, or one that asks for what is missing."""
        return self.command.opens or bool(self.missing)

    def rewrite(self, **more: str) -> str:
        """The line once more, with these values in place of what was written: what a button carries."""
        parts = [self.command.path]
        for option in self.command.options:
            value = more.get(option.name) or self._spell(option)
            if not value:
                continue
            if option.kind is OptionKind.TEXT:
                parts.append(f"-- {value}")
            else:
                quoted = f'"{value}"' if " " in value and value[0] not in '"<' else value
                parts.append(f"{option.name}:{quoted}")
        return " ".join(parts)

    def _spell(self, option: Option) -> str:
        """A value as every platform reads it: a name that only one of them knows becomes its id."""
        value = self.values.get(option.name)
        if isinstance(value, str) and option.kind in (OptionKind.MEMBER, OptionKind.CHANNEL):
            return f"<{'@' if option.kind is OptionKind.MEMBER else '#'}{value}>"
        return self.written.get(option.name, "")


def command_table(commands: Iterable[Command]) -> str:
    """The commands as a Markdown table, for docs/commands.md and the help text: one noun after the other, its home first."""
    listed = list(commands)
    homes = {command.noun: place for place, command in reversed(list(enumerate(listed))) if not command.verb}
    listed.sort(key=lambda command: (homes.get(command.noun, len(listed)), bool(command.verb)))
    # A bar would end the cell, also inside code.
    cells = ((c.role.title, f"`{c.usage}`".replace("|", "\\|"), c.summary) for c in listed)
    rows = [f"| {' | '.join(row)} |" for row in cells]
    return "\n".join(["| who | command | what it does |", "|---|---|---|", *rows])
