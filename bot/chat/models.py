"""The nouns that every platform shares: role, audience, place, person, message, refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum, StrEnum

from bot.chat.cards import Button
from bot.chat.language import N_, _, current_locale


class Role(IntEnum):
    """What a person may do in a community; a higher role may do all that a lower one may."""

    STRANGER = 0
    """Someone from outside: a guest, another organization, a bot. May read, not ask."""
    MEMBER = 1
    MODERATOR = 2
    ADMIN = 3

    @property
    def title(self) -> str:
        return self.name.lower()


class Sharing(StrEnum):
    """Who may read an answer, from the narrowest circle to the widest."""

    ME = "me"
    MODERATORS = "moderators"
    TEAM = "team"
    EVERYONE = "everyone"


FORMER_SHARING = (("facilitators", Sharing.MODERATORS.value),)
"""What a choice was called before, for options that offer `Sharing`."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is said: a channel, a thread in it, or a direct message.

    `space` is the adapter's own key of the workspace or server (`"local:harbour"`). `thread` is the platform's
    id of the thread, or None for the channel itself. `private` marks a direct message with the bot.
    """

    space: str
    channel: str
    thread: str | None = None
    private: bool = False

    @property
    def root(self) -> Place:
        """The channel itself, outside any thread."""
        return Place(self.space, self.channel, None, self.private)


def platform_of(space: str) -> str:
    """The platform of a space, which its key begins with: `slack` of `slack:T123`."""
    return space.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Visibility:
    """What the bot sees of a space without being asked for it.

    `replies`: what people write in threads; otherwise only what mentions the bot. `people`: who is in the space and in
    each of its channels; otherwise only who has done something. `people_fix` is what an operator changes to see them.
    """

    replies: bool = True
    people: bool = True
    people_fix: str = ""


ALL_VISIBLE = Visibility()
"""Everything is seen, as on most platforms."""


@dataclass(frozen=True, slots=True)
class Person:
    """An account as the platform shows it now.

    `facts` are the platform's own standing facts (`"admin"`, `"group:S123"`, `"role:987"`); settings say which
    of them make a moderator or an admin. `zone` is the IANA zone the platform knows for this person, if any, and `locale`
    the language they use it in (`es-419`).
    """

    space: str
    id: str
    name: str
    facts: frozenset[str] = frozenset()
    stranger: bool = False
    bot: bool = False
    zone: str | None = None
    locale: str | None = None

    @property
    def account(self) -> tuple[str, str]:
        """Which account it is, however it is shown now."""
        return self.space, self.id


@dataclass(frozen=True, slots=True)
class Message:
    """One message as the platform shows it now; the same id told again is the same message.

    `version` orders what we are told about one message: the platform's edit time, or its creation time when it
    was never edited. A deletion is told with `deleted=True` and no text. `to` are the platform ids of the people it
    is addressed to: the author of a message it replies to directly (a reply or quote reference, not the thread),
    and whoever it mentions before its first own word; never the bot. `own` marks what this bot said itself.
    `hidden`: the platform tells that it was written and by whom, and not its words. `answers` is the id of the message it
    replies to directly, where the platform tells it; in a thread it is the thread that says so. `called` says that it
    begins with the bot's name.
    """

    place: Place
    id: str
    author: Person | None
    text: str
    at: datetime
    version: datetime
    deleted: bool = False
    to: frozenset[str] = frozenset()
    own: bool = False
    marker: str | None = None
    files: tuple[str, ...] = ()
    hidden: bool = False
    answers: str | None = None
    called: bool = False


def clean_text(text: str) -> str:
    """A text that every database can hold: half surrogate pairs become �, and NUL goes.

    Platforms do send both (a cut emoji, a pasted file); PostgreSQL takes neither, SQLite not the first.
    """
    if text.isascii():
        return text.replace("\0", "")
    return text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def clean_message(message: Message) -> Message:
    """A message whose text every database can hold."""
    text = clean_text(message.text)
    return message if text == message.text else replace(message, text=text)


class Refusal(Exception):
    """Words for the person who asked: what cannot be done, and what to do next.

    `returning` is the person's own text, handed back privately so that nothing they wrote is lost. It is kept
    out of `args`, so that no traceback and no log can hold it. `buttons` are what they can press next; without any, the
    way back to the noun's home is offered. Its card is in its `locale`, the one it was made in.
    """

    def __init__(
        self, problem: str, fix: str = "", returning: str = "", buttons: Sequence[Button] = ()
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.fix = fix
        self.returning = returning
        self.buttons = tuple(buttons)
        self.locale = current_locale()
        self.quotes = bool(returning)
        """Whether what is handed back is shown: not where it is a short command, or stands on a button."""


class UnclearOption(Refusal):
    """An option that was left out, or names nothing: the answer to the command offers what there is, as buttons.

    `problem` says what was understood, where there is more to say than a question; `only` are the values that can be
    meant, where the handler knows better than the option's completion.
    """

    def __init__(self, option: str, problem: str = "", only: Sequence[tuple[str, str]] | None = None) -> None:
        super().__init__(problem or _("Which one do you mean?"))
        self.option = option
        self.only = only


class RoleRefusal(Refusal):
    """Somebody may not do what they asked for; it names the role and nothing about the content."""


class StaleValue(Refusal):
    """A button or form that carries what cannot be read any more, or never could."""

    def __init__(self) -> None:
        super().__init__(_("That button is out of date."))


_ROLE_NEEDED = {
    Role.MEMBER: N_("Only a member can do that."),
    Role.MODERATOR: N_("Only a moderator can do that."),
    Role.ADMIN: N_("Only an admin can do that."),
}


def role_refusal(role: Role) -> Refusal:
    """The one refusal for lack of a role: names the role and nothing about the content."""
    return RoleRefusal(_(_ROLE_NEEDED[role]), _("Ask one of them to do it for you."))
