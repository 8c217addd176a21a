"""Words as HTML: Markdown, mentions and moments, safe by construction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from bot.chat.cards import ChannelLink, CommandLink, LinkedPart, Mention, Moment, Words
from bot.chat.language import (
    _,
    current_locale,
    end_once,
    format_day,
    format_moment,
    format_short_day,
    format_time,
)
from bot.chat.models import Person

# A part that is no text travels through the Markdown renderer as its number between two characters that
# Unicode keeps for private use; the same characters in somebody's text are dropped first.
_OPEN, _CLOSE = "\ue000", "\ue001"
_PART = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")
_LINK = re.compile(r'<a href="([^"]*)"')
_PRIVATE_USE = str.maketrans("", "", _OPEN + _CLOSE)
_SAFE = ("http", "https", "mailto")


def _renderer() -> MarkdownIt:
    """CommonMark without HTML and without pictures; a line break is a line break, as in a chat."""
    renderer = (
        MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("strikethrough").disable("image")
    )
    renderer.validateLink = safe_link  # type: ignore[method-assign]
    return renderer


def safe_link(url: str) -> bool:
    """Whether a link may be followed: the web, mail, or an address on this page."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return False
    return parts.scheme.casefold() in _SAFE or (
        not parts.scheme and not parts.netloc and not url.startswith("\\")
    )


_MARKDOWN = _renderer()


@dataclass(frozen=True, slots=True)
class PageReader:
    """Whoever looks at the page: their id, their zone, the community's zone, and what time it is."""

    person: str
    zone: str
    community_zone: str
    now: datetime
    channels: Mapping[str, str] = field(default_factory=dict)
    """Names of channels by id, for cards that leave the name to the platform."""
    address: str = ""
    """Where this page is served."""

    # ── words ─────────────────────────────────────────────────────────────────

    def markdown(self, words: Words) -> Markup:
        """Markdown with its mentions and moments, as blocks of HTML."""
        text, parts = _apart(words)
        html = _LINK.sub(lambda found: self._link(unescape(found[1])), _MARKDOWN.render(text))
        return self._together(html, parts)

    def words(self, words: Words) -> Markup:
        """Plain words with their mentions and moments, as inline HTML."""
        text, parts = _apart(words)
        return self._together(str(escape(text)), parts)

    def _together(self, html: str, parts: list[LinkedPart]) -> Markup:
        # Safe: `html` comes from the renderer with HTML switched off, or was escaped; parts escape themselves.
        return Markup(end_once(_PART.sub(lambda found: self._part(parts, int(found[1])), html)))  # noqa: S704

    def _part(self, parts: list[LinkedPart], number: int) -> str:
        match parts[number] if number < len(parts) else None:
            case Mention(person=person, name=name):
                kind = "mention me" if person == self.person else "mention"
                return str(Markup('<span class="{}">@{}</span>').format(kind, name))
            case Moment() as moment:
                said = moment.plain if moment.in_words else self.moment(moment)
                return str(self.time(moment.at, said))
            case ChannelLink(channel=id, name=name):
                known = name or self.channels.get(id, id)
                return str(Markup('<span class="mention">#{}</span>').format(known))
            case CommandLink() as command:
                return str(Markup("<code>{}</code>").format(command.plain))
            case None:
                return ""

    def leads(self, url: str) -> str:
        """Where a link leads: an address of this page keeps the reader who they are."""
        inside = bool(self.address) and url.startswith(f"{self.address}?")
        return f"/?as={quote(self.person)}&{url[len(self.address) + 1 :]}" if inside else url

    def _link(self, url: str) -> str:
        leads = self.leads(url)
        away = "" if leads != url else ' target="_blank" rel="noopener noreferrer"'
        return f'<a{away} href="{escape(leads)}"'

    # ── time ──────────────────────────────────────────────────────────────────

    def time(self, at: datetime, text: str) -> Markup:
        """A `<time>` with the instant in UTC as its title."""
        utc = at.astimezone(UTC)
        return Markup('<time datetime="{}" title="{:%Y-%m-%d %H:%M} UTC">{}</time>').format(
            utc.isoformat(), utc, text
        )

    def moment(self, moment: Moment) -> str:
        """An instant in the reader's own zone, as a platform would show it."""
        if moment.style == "relative":
            return relative(moment.at - self.now)
        zone = ZoneInfo(self.zone)
        local, now = moment.at.astimezone(zone), self.now.astimezone(zone)
        if moment.style == "date":
            return format_day(local.date(), year=local.year != now.year)
        return format_time(local) if moment.style == "time" else format_moment(local)

    def at(self, at: datetime) -> Markup:
        """The time of day of a message, in the community's zone."""
        return self.time(at, self.wall(at))

    def day(self, at: datetime) -> str:
        """The day of a message, in the community's zone: Today, Yesterday, or its date."""
        local, today = self._local(at).date(), self._local(self.now).date()
        known = {0: _("Today"), 1: _("Yesterday")}.get((today - local).days)
        return known or format_day(local, year=local.year != today.year)

    def date(self, at: datetime) -> str:
        """A day with its year, in the community's zone."""
        return format_day(self._local(at).date())

    def full(self, at: datetime) -> Markup:
        """Day and time in the community's zone, in short."""
        local = self._local(at)
        return self.time(at, _("{day} at {time}", day=format_short_day(local), time=format_time(local)))

    def wall(self, at: datetime) -> str:
        """The time of day alone."""
        return format_time(self._local(at))

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(ZoneInfo(self.community_zone))


def relative(ahead: timedelta) -> str:
    """`in 3 days`, `2 hours ago`: a length of time as people say it."""
    from babel.dates import format_timedelta

    if abs(ahead.total_seconds()) < 60:
        return _("now")
    return format_timedelta(ahead, threshold=1, add_direction=True, locale=current_locale())


def with_mentions(text: str, people: Iterable[Person]) -> Words:
    """A person's own text with the names it mentions made into mentions; the bot's name too."""
    names = {person.name.casefold(): person.id for person in people} | {"tilth": ""}
    longest_first = sorted(names, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)@({'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)
    parts: list[str | LinkedPart] = []
    end = 0
    for found in pattern.finditer(text):
        parts += [text[end : found.start()], Mention(names[found[1].casefold()], found[1])]
        end = found.end()
    return (*parts, text[end:])


def _apart(words: Words) -> tuple[str, list[LinkedPart]]:
    """The text with a mark for each mention and moment, and those parts in order."""
    parts: list[LinkedPart] = []
    text = ""
    for part in (words,) if isinstance(words, str) else words:
        if isinstance(part, str):
            text += part.translate(_PRIVATE_USE)
        else:
            text += f"{_OPEN}{len(parts)}{_CLOSE}"
            parts.append(part)
    return text, parts
