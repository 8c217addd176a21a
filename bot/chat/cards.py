"""Cards: what the bot says, before a platform has given it a face.

A card is a tuple of blocks. Every block works on every platform, because each one knows its plain text
(`plain`): an adapter decides how to show a block, never whether. Cards are values: they are stored in the
outbox as JSON (`dump`, `load`) and shown later, possibly by another process.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from string import Formatter
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field, TypeAdapter

from bot.chat.charts import Chart
from bot.chat.language import current_locale, end_once, format_day, format_moment, format_time

BUTTON_STATE = 100
"""Characters a button may carry in all (`does` or `opens`, a colon, `value`): Discord's custom_id limit."""

_BASE64 = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")


@dataclass(frozen=True, slots=True)
class Mention:
    """A person or a group, linked where the platform can; it notifies only where the card says so."""

    person: str
    name: str
    group: bool = False
    kind: Literal["mention"] = field(default="mention", kw_only=True)

    @property
    def plain(self) -> str:
        return f"@{self.name}"


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant (aware UTC): as the reader's device writes it, or `in_words` of the card's language and in `zone` (IANA)."""

    at: datetime
    zone: str = "UTC"
    style: Literal["date", "time", "full", "relative"] = "full"
    in_words: bool = False
    kind: Literal["moment"] = field(default="moment", kw_only=True)

    @property
    def plain(self) -> str:
        local = self.at.astimezone(ZoneInfo(self.zone))
        said = format_day(local) if self.style == "date" else format_time(local)
        return said if self.style in ("date", "time") else format_moment(local, self.zone)


@dataclass(frozen=True, slots=True)
class ChannelLink:
    """A channel named so that the platform links it; the platform knows its name where `name` is empty."""

    channel: str
    name: str = ""
    kind: Literal["channel"] = field(default="channel", kw_only=True)

    @property
    def plain(self) -> str:
        return f"#{self.name or self.channel}"


@dataclass(frozen=True, slots=True)
class CommandLink:
    """A command as it is drawn on a platform: its name there, the platform's `id` to tap it by, options to fill in."""

    name: str
    id: str = ""
    options: tuple[str, ...] = ()
    kind: Literal["command"] = field(default="command", kw_only=True)

    @property
    def plain(self) -> str:
        return " ".join((f"/{self.name}", *self.options))


LinkedPart = Mention | Moment | ChannelLink | CommandLink
Part = str | Annotated[LinkedPart, Field(discriminator="kind")]
Words = str | tuple[Part, ...]
"""A line of text, or text with mentions and moments in it. Strings are Markdown where a block says so."""


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    kind: Literal["heading"] = field(default="heading", kw_only=True)


@dataclass(frozen=True, slots=True)
class Markdown:
    """A paragraph or more in the CommonMark subset of `markdown.py`: emphasis, code, links, lists, quotes."""

    words: Words
    kind: Literal["markdown"] = field(default="markdown", kw_only=True)


@dataclass(frozen=True, slots=True)
class Note:
    """A small aside under a card: who can read this, where it came from. Plain words, no Markdown."""

    words: Words
    kind: Literal["note"] = field(default="note", kw_only=True)


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their values, a line each. Plain words, no Markdown."""

    rows: tuple[tuple[str, Words], ...]
    kind: Literal["facts"] = field(default="facts", kw_only=True)


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's own words, shown literally: never parsed as Markdown, mentions or links."""

    text: str
    by: str | None = None
    kind: Literal["quote"] = field(default="quote", kw_only=True)


@dataclass(frozen=True, slots=True)
class Table:
    """Short cells in columns; the first row is `columns`."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kind: Literal["table"] = field(default="table", kw_only=True)


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG with words that carry the same facts; with its numbers, where a chart of bars says the same."""

    png: bytes
    alt: str
    chart: Chart | None = None
    kind: Literal["picture"] = field(default="picture", kw_only=True)
    __pydantic_config__ = _BASE64


@dataclass(frozen=True, slots=True)
class File:
    """A file handed to the reader; `about` says what is in it."""

    name: str
    data: bytes
    about: str
    kind: Literal["file"] = field(default="file", kw_only=True)
    __pydantic_config__ = _BASE64


@dataclass(frozen=True, slots=True)
class Progress:
    """How far something is: `done` of `total` steps."""

    label: str
    done: int
    total: int
    kind: Literal["progress"] = field(default="progress", kw_only=True)

    @property
    def bar(self) -> str:
        """Ten squares of text, the same on every platform."""
        full = round(10 * self.done / self.total) if self.total else 0
        return "■" * full + "□" * (10 - full)


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press. It either `does` an action, `opens` a form, or follows a `link`, or one to a `message`: exactly one.

    A `message` is one of ours in the same space, `channel/id`. The sender fills in its address, and leaves the button out
    where it has none; so only what goes through the outbox has such a button.

    Its whole state is the id and `value`, together at most 100 characters, so it survives restarts without
    memory. The adapter knows from the declaration whether it must open a form within the platform's 3 seconds.
    """

    label: str
    does: str | None = None
    opens: str | None = None
    link: str | None = None
    message: str | None = None
    value: str = ""
    style: Literal["plain", "main", "danger"] = "plain"

    def __post_init__(self) -> None:
        if sum(target is not None for target in (self.does, self.opens, self.link, self.message)) != 1:
            raise ValueError(f"button {self.label!r} must do, open or link to exactly one thing")
        if len(self.state) > BUTTON_STATE:
            raise ValueError(f"button {self.label!r} carries {len(self.state)} characters; 100 fit")
        if not 0 < len(self.label) <= 75:
            raise ValueError(f"a button label has 1 to 75 characters, not {len(self.label)}")

    @property
    def state(self) -> str:
        """What the platform keeps for us and hands back when it is pressed."""
        return f"{self.does or self.opens or ''}:{self.value}"


@dataclass(frozen=True, slots=True)
class Buttons:
    """A row of up to five buttons."""

    buttons: tuple[Button, ...]
    kind: Literal["buttons"] = field(default="buttons", kw_only=True)

    def __post_init__(self) -> None:
        if not 1 <= len(self.buttons) <= 5:
            raise ValueError(f"a row has 1 to 5 buttons, not {len(self.buttons)}")


@dataclass(frozen=True, slots=True)
class Select:
    """Pick one of up to 25 options; picking does `does` with `value/option`."""

    label: str
    does: str
    options: tuple[tuple[str, str], ...]
    """(value, label) pairs."""
    value: str = ""
    chosen: str = ""
    """The option that holds now; empty: none."""
    kind: Literal["select"] = field(default="select", kw_only=True)

    def __post_init__(self) -> None:
        if not 1 <= len(self.options) <= 25:
            raise ValueError(f"a select has 1 to 25 options, not {len(self.options)}")


Block = Annotated[
    Heading | Markdown | Note | Facts | Quote | Table | Picture | File | Progress | Buttons | Select,
    Field(discriminator="kind"),
]


@dataclass(frozen=True, slots=True)
class Card:
    """Something the bot says. `title` is what a notification or a screen reader says first.

    `public` lets the answer to a command or button be seen by everybody in the place; it needs a command that
    was declared public. `replaces` asks that the card take the place of the one whose button was pressed.

    `pings` is the platform's id of the one role or group that this card may notify; an admin granted it. `tags`
    are names of forum tags, for places that have them; elsewhere they are left out. What a platform adds when it draws
    the card is in its `locale`, the one it was made in.
    """

    title: str
    blocks: tuple[Block, ...] = ()
    public: bool = False
    replaces: bool = False
    pings: str = ""
    tags: tuple[str, ...] = ()
    locale: str = field(default_factory=current_locale)


def words(value: Words) -> str:
    """The plain text of words with mentions and moments in them."""
    if isinstance(value, str):
        return value
    return end_once("".join(part if isinstance(part, str) else part.plain for part in value))


def compose(text: str, /, **parts: object) -> tuple[Part, ...]:
    """Words from a text of the catalog, whose names in braces stand for mentions, moments, other words or values."""
    pieces: list[Part] = []
    for before, name, _spec, _conversion in Formatter().parse(text):
        part = parts[name] if name is not None else ""
        pieces.append(before)
        several = part if isinstance(part, tuple) else (part,)
        pieces += [one if isinstance(one, LinkedPart) else str(one) for one in several]
    return tuple(piece for piece in pieces if piece != "")


_CARD = TypeAdapter(Card)


def dump_card(card: Card) -> str:
    """A card as JSON text, for the outbox."""
    return _CARD.dump_json(card, exclude_defaults=False).decode()


def load_card(text: str) -> Card:
    """The card that `dump` wrote."""
    return _CARD.validate_json(text)


def say(title: str, *blocks: Block) -> Card:
    """A card from its title and blocks; with no blocks, the title is all it says."""
    return Card(title, blocks or (Markdown(title),))
