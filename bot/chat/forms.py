"""Forms: what the bot asks for, before a platform has made a modal or a page of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.chat.handed_file import MOST_BYTES, HandedFile
from bot.chat.language import _, current_locale
from bot.chat.mass_mentions import UnknownGroup

FORM_STATE = 100
"""Characters of a form's id and value together: Discord's custom_id limit on a modal."""
TITLE = 45
"""Characters of a form's title: Discord's limit; Slack shows the first 24."""
FIELDS = 5
"""Inputs on one page: Discord's limit. A longer form is several pages."""
LONGEST = 3000
"""Characters of one text field: Slack's limit; Discord's is 4,000."""


@dataclass(frozen=True, slots=True)
class Hint:
    """Words between the fields; asks for nothing. Plain Markdown."""

    text: str


@dataclass(frozen=True, slots=True)
class ShortText:
    name: str
    label: str
    hint: str = ""
    required: bool = True
    value: str = ""
    limit: int = 200

    def check(self, given: object) -> str:
        """The text, if it is one and fits."""
        return _text(str(given).strip(), self.limit)


@dataclass(frozen=True, slots=True)
class LongText:
    """A text of several lines. What it is filled with fits, because a platform would cut the rest unseen."""

    name: str
    label: str
    hint: str = ""
    required: bool = True
    value: str = ""
    limit: int = LONGEST

    def __post_init__(self) -> None:
        if not len(self.value) <= self.limit <= LONGEST:
            raise ValueError(
                f"field {self.name} takes {self.limit} of {LONGEST} characters, not {len(self.value)}"
            )

    def check(self, given: object) -> str:
        """The text, if it is one and fits."""
        return _text(str(given).strip(), self.limit)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of up to ten options, as (value, label) pairs."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    hint: str = ""
    required: bool = True
    value: str = ""

    def check(self, given: object) -> str:
        """The value of the option that was chosen."""
        return _option(str(given), self.options)


@dataclass(frozen=True, slots=True)
class Choices:
    """Any number of up to ten options; its value is a tuple of option values."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    hint: str = ""
    required: bool = True
    value: tuple[str, ...] = ()

    def check(self, given: object) -> tuple[str, ...]:
        """The values of the options that were chosen."""
        chosen = given if isinstance(given, list | tuple) else (given,)
        return tuple(_option(str(one), self.options) for one in chosen)


@dataclass(frozen=True, slots=True)
class Scale:
    """A whole number from `low` to `high` (at most ten steps), with words at both ends."""

    name: str
    label: str
    low: int
    high: int
    low_label: str = ""
    high_label: str = ""
    hint: str = ""
    required: bool = True
    value: int | None = None

    def check(self, given: object) -> int:
        """The number, if it is on the scale."""
        number = int(str(given)) if str(given).lstrip("-").isdigit() else None
        if number is None or not self.low <= number <= self.high:
            raise ValueError(f"Pick a number from {self.low} to {self.high}.")
        return number


@dataclass(frozen=True, slots=True)
class DateTime:
    """A local date and time in `zone`; its value is a naive local datetime."""

    name: str
    label: str
    zone: str
    hint: str = ""
    required: bool = True
    value: datetime | None = None

    def check(self, given: object) -> datetime:
        """The local date and time, without a zone."""
        try:
            local = given if isinstance(given, datetime) else datetime.fromisoformat(str(given))
        except ValueError:
            raise ValueError("Write the date and time like 2026-10-02 18:30.") from None
        return local.replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Pick:
    """A member, a channel or a group of people, by the platform's own picker; its value is the platform's id.

    A group is written where a platform has no picker for it.
    """

    name: str
    label: str
    what: Literal["member", "channel", "group"]
    hint: str = ""
    required: bool = True
    value: str = ""

    def check(self, given: object) -> str | UnknownGroup:
        """The platform's id of what was picked; or that no group has the name that was written."""
        return given if isinstance(given, UnknownGroup) else str(given)


@dataclass(frozen=True, slots=True)
class Upload:
    """A text file from somebody's own machine; its value is the text in it.

    `endings` are those its name may have, without a dot; `limit` is its largest size in bytes. It is never filled in
    beforehand, because no platform lets us.
    """

    name: str
    label: str
    endings: tuple[str, ...]
    hint: str = ""
    required: bool = True
    limit: int = MOST_BYTES

    def __post_init__(self) -> None:
        if not self.endings or self.limit > MOST_BYTES:
            raise ValueError(f"field {self.name} takes files of named kinds, of up to {MOST_BYTES} bytes")

    @property
    def value(self) -> str:
        """Nothing: a file is chosen anew."""
        return ""

    def check(self, given: object) -> str:
        """The text in the file."""
        if not isinstance(given, HandedFile):
            raise ValueError(_("Please choose a file."))  # noqa: TRY004 - words for whoever sends the form
        return given.read_text(self.endings, self.limit)


Input = ShortText | LongText | Choice | Choices | Scale | DateTime | Pick | Upload
FormField = Hint | Input
"""A field checks what came back with its `check`: a clean value, or ValueError with words for the person."""


@dataclass(frozen=True, slots=True)
class Form:
    """A page of fields. `value` is short context that comes back with the submission (an occurrence's id).

    What a platform adds when it draws the form is in its `locale`, the one it was made in.
    """

    id: str
    title: str
    fields: tuple[FormField, ...]
    value: str = ""
    submit: str = field(default_factory=lambda: _("Save"))
    locale: str = field(default_factory=current_locale)

    def __post_init__(self) -> None:
        if len(f"{self.id}:{self.value}") > FORM_STATE:
            raise ValueError(f"form {self.id} carries more than {FORM_STATE} characters")
        if not 0 < len(self.title) <= TITLE:
            raise ValueError(
                f"the title of form {self.id} has 1 to {TITLE} characters, not {len(self.title)}"
            )
        if not 1 <= len(self.inputs) <= FIELDS:
            raise ValueError(
                f"form {self.id} asks for {len(self.inputs)} things; 1 to {FIELDS} fit on a page"
            )

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The fields that ask for something."""
        return tuple(part for part in self.fields if not isinstance(part, Hint))


@dataclass(frozen=True, slots=True)
class FieldErrors:
    """A submission that cannot be taken yet: words under the fields; the form stays open, nothing is lost."""

    errors: Mapping[str, str] = field(default_factory=dict)


def read_fields(form: Form, raw: Mapping[str, object]) -> tuple[dict[str, object], dict[str, str]]:
    """Check what came back against the form: clean values by name, and errors by name.

    Every platform enforces its own limits in its client, and none of them can be trusted to: an old client,
    the playground's plain page and a forged request all arrive here.
    """
    values: dict[str, object] = {}
    errors: dict[str, str] = {}
    for part in form.inputs:
        given = raw.get(part.name)
        if given in (None, "", (), []):
            if part.required:
                errors[part.name] = _("Please fill this in.")
            values[part.name] = () if isinstance(part, Choices) else None
            continue
        try:
            values[part.name] = part.check(given)
        except ValueError as error:
            errors[part.name] = str(error)
    return values, errors


def _text(text: str, limit: int) -> str:
    if len(text) > limit:
        raise ValueError(f"{len(text)} characters; {limit} fit here.")
    if not text:
        raise ValueError(_("Please fill this in."))
    return text


def _option(given: str, options: tuple[tuple[str, str], ...]) -> str:
    if given not in {value for value, _ in options}:
        raise ValueError(_("Pick one of the options."))
    return given
