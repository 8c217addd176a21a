"""Tokens of a command line, with quotes, mentions and escapes normalized."""

from __future__ import annotations

import re
from dataclasses import dataclass

# ── characters ────────────────────────────────────────────────────────────────

# Slack escapes three characters, and wraps mentions, channels and links in angle brackets:
# https://docs.slack.dev/messaging/formatting-message-text
_ENTITY = re.compile(r"&(amp|lt|gt);")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">"}
_SCHEME = r"(?:https?|mailto|tel|ftps?):"
_WRAPPED = rf"<(?P<sign>[@#!])(?P<id>[^<>|\n]*)(?:\|(?P<name>[^<>\n]*))?>|<(?P<url>{_SCHEME}[^<>|\s]*)(?:\|(?P<label>[^<>\n]*))?>"
_ESCAPED = re.compile(rf"{_ENTITY.pattern}|{_WRAPPED}")

# Marks without width: people paste them with names, and platforms put them around mentions.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_STRAIGHT = str.maketrans({**dict.fromkeys("“”„‟«»", '"'), **dict.fromkeys("‘’‚‛", "'")})
_ODD_SPACE = re.compile(r"[^\S\n]")


def readable_text(raw: str) -> str:
    """The text as its author saw it: escapes undone, mentions as `@name`; everything else untouched.

    A mention without a name stays as it is, because only the platform knows whom it means.
    """
    return _ESCAPED.sub(_unescape, raw) if "<" in raw or "&" in raw else raw


def _unescape(found: re.Match[str]) -> str:
    entity, sign, name, url, label = found.group(1, "sign", "name", "url", "label")
    if entity:
        return _ENTITIES[entity]
    if url:
        return _link(_entities(url), _entities(label or ""))
    if sign == "!":
        special = found["id"]
        return (
            _entities(name)
            if name
            else f"@{special}"
            if special in ("here", "channel", "everyone")
            else found[0]
        )
    return f"{sign}{_entities(name).lstrip(sign)}" if name else found[0]


def _link(url: str, label: str) -> str:
    address = url.removeprefix("mailto:").removeprefix("tel:")
    same = (url, address, url.partition("://")[2], url.partition("://")[2].rstrip("/"))
    return address if not label or label in same else f"{label} ({address})"


def _entities(text: str) -> str:
    return _ENTITY.sub(lambda found: _ENTITIES[found[1]], text)


def normalize_text(text: str) -> str:
    """Words for comparing: straight quotes, ordinary spaces, nothing invisible."""
    return _ODD_SPACE.sub(" ", _INVISIBLE.sub("", text.replace("\r\n", "\n")).translate(_STRAIGHT))


# ── tokens ────────────────────────────────────────────────────────────────────

_SPACE = re.compile(r"\s*")
_MARKS = re.compile(rf"{_INVISIBLE.pattern}*")
# A key begins with a letter, so 09:00 is none; https://… is an address.
_KEY = re.compile(r"([^\W\d_][\w-]*):(?!//)")
_END = rf"(?={_INVISIBLE.pattern}*(?:\s|\Z))"
_QUOTED = re.compile(rf"[\"“”„«](.*?)[\"“”»]{_END}|['‘‚](?=\S)([^\n]*?)['’‘]{_END}", re.DOTALL)
_ANGLED = re.compile(rf"<(?:[@#!]|{_SCHEME})[^<>\n]*>{_END}")
_BARE = re.compile(r"\S*")
_MENTION = re.compile(r"<([@#])!?([^<>|&\s]+)(?:\|[^<>\n]*)?>")
_DASHES = "-‐‑‒–—―−"
_DASH = re.compile(rf"[{_DASHES}]{{1,3}}")
_LONE_DASH = re.compile(rf"(?<!\S)[{_DASHES}]{{1,3}}(?!\S)")


@dataclass(frozen=True, slots=True)
class Token:
    """One word, mention or quoted phrase of a line, with where it stands in the raw text.

    `key` is what stands before the colon of `key:value`; `text` is then the value, and `value` where it begins.
    `mention` is `@` or `#` with the platform's id.
    """

    start: int
    value: int
    end: int
    text: str
    key: str | None = None
    quoted: bool = False
    mention: str = ""

    @property
    def dash(self) -> bool:
        """A dash on its own, of any kind and up to three: phones turn two short ones into a long one."""
        return self.key is None and not self.quoted and bool(_DASH.fullmatch(self.text))

    @property
    def unclosed(self) -> bool:
        return not self.quoted and self.text.startswith('"')


def token_at(raw: str, at: int) -> Token | None:
    """The next token at or after `at`, or None at the end."""
    while at < len(raw):
        start = _match(_SPACE, raw, at).end()
        begin = _match(_MARKS, raw, start).end()
        key = _KEY.match(raw, begin)
        value = key.end() if key else begin
        quoted = _QUOTED.match(raw, value)
        found = quoted or _ANGLED.match(raw, value) or _match(_BARE, raw, value)
        text = normalize_text(readable_text((quoted[1] or quoted[2] or "") if quoted else found[0]))
        if text or key or quoted:
            mention = _mention((quoted[1] or "") if quoted else found[0])
            return Token(start, value, found.end(), text, key[1] if key else None, bool(quoted), mention)
        at = max(found.end(), begin, start + 1)  # only invisible marks
    return None


def single_value(text: str) -> Token:
    """A value that stands alone, as a form or a typed option gives it."""
    return Token(0, 0, len(text), normalize_text(text).strip(), quoted=True, mention=_mention(text.strip()))


def has_lone_dash(raw: str, at: int) -> bool:
    """Whether a dash on its own comes later in the line."""
    return _LONE_DASH.search(raw, at) is not None


def _mention(raw: str) -> str:
    found = _MENTION.fullmatch(_INVISIBLE.sub("", raw))
    return found[1] + found[2] if found else ""


def _match(pattern: re.Pattern[str], raw: str, at: int) -> re.Match[str]:
    found = pattern.match(raw, at)
    assert found is not None  # noqa: S101 - these patterns match the empty text
    return found
