"""Words as Discord's Markdown, so that nobody's text mentions, links or formats what it should not."""

from __future__ import annotations

import re
import unicodedata

from bot.chat.cards import ChannelLink, CommandLink, Mention, Moment, Part, Words

GAP = "\u200b"
"""Parts what would have been read as one thing: a mention, a link, the end of a code block."""

_UNSEEN = re.compile(
    "[\\u0000-\\u0008\\u000e-\\u001b\\u007f-\\u0084\\u0086-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e\\u200f\\u202a-\\u202e"
    "\\u2060-\\u2069\\ufeff\\ufffe\\uffff]"
)
"""What hides, or turns around what stands beside it. Not the joiners: Persian words and family emoji need them."""
_ESCAPED = re.compile(
    r"(?P<link>://)|(?P<mark>[\\`*_~|\[\]<>])|^(?P<space>[ \t]*)(?P<number>\d*)(?P<line>#|-|\+|(?<=\d)[.)])",
    re.MULTILINE,
)
_SPOOFED = re.compile(r"<(?=[@#:/]|a:|t:|id:)|@(?=everyone|here|[!&]?\d)")
_UNDERLINED = re.compile(r"(?<![\w_])__(?=\S)(.+?)(?<=\S)__(?![\w_])")
_STYLES = {"date": "D", "time": "t", "full": "F", "relative": "R"}


def strip_unseen(text: str) -> str:
    """The text without characters that hide or turn around what stands beside them."""
    return "\n".join(_UNSEEN.sub("", text).splitlines())


def escape_markdown(text: str) -> str:
    """Somebody's words exactly as they wrote them: no Markdown, no mention, no link.

    discord.py's `escape_markdown` knows neither numbered lists nor square brackets, so we have our own.
    """

    def escape(found: re.Match[str]) -> str:
        if found["link"]:
            return f":{GAP}//"  # Discord makes a link of every address with a scheme
        if found["mark"]:
            return f"\\{found['mark']}"
        return f"{found['space']}{found['number']}\\{found['line']}"

    return _ESCAPED.sub(escape, _defused(strip_unseen(text)))


def render_markdown(text: str) -> str:
    """Markdown of ours or of a moderator, in Discord's dialect; mentions typed into it are only words."""
    text = _UNDERLINED.sub(r"**\1**", strip_unseen(text))
    return _defused(text).replace("||", "\\|\\|").replace("\n>>> ", "\n> ")


def render_words(value: Words, *, plain: bool = False) -> str:
    """Words with mentions and moments in them; `plain` ones are shown literally."""
    parts = (value,) if isinstance(value, str) else value
    return "".join(_part(part, plain=plain) for part in parts)


def code(text: str) -> str:
    """A cell of a table, which stands in a code block."""
    return _defused(strip_unseen(text)).replace("`", "ˋ").replace("\n", " ")


def width(text: str) -> int:
    """How many columns a text takes in a code block."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) > 0 or char == GAP for char in text)


def size(text: str) -> int:
    """Characters as Discord's clients count them: UTF-16 units."""
    return len(text) if text.isascii() else len(text) + sum(ord(char) > 0xFFFF for char in text)


def clip_text(text: str, limit: int) -> str:
    """At most `limit` characters, cut at a word where that loses little."""
    text = " ".join(text.split())
    if size(text) <= limit:
        return text
    while size(text) >= limit:
        text = text[:-1]
    cut = text.rfind(" ")
    return (text[:cut] if cut > limit // 2 else text).rstrip() + "…"


def _part(part: Part, *, plain: bool) -> str:
    match part:
        case str():
            return escape_markdown(part) if plain else render_markdown(part)
        case Mention():
            sign = "@&" if part.group else "@"
            return f"<{sign}{part.person}>" if part.person.isdecimal() else escape_markdown(part.plain)
        case ChannelLink():
            return f"<#{part.channel}>" if part.channel.isdecimal() else escape_markdown(part.plain)
        case CommandLink(name, id, options):
            head = f"</{name}:{id}>" if id else f"`/{name}`"
            return " ".join((head, *(f"`{code(one)}`" for one in options)))
        case Moment(in_words=True):
            return escape_markdown(part.plain)
        case Moment():
            return f"<t:{int(part.at.timestamp())}:{_STYLES[part.style]}>"


def _defused(text: str) -> str:
    return _SPOOFED.sub(rf"\g<0>{GAP}", text)
