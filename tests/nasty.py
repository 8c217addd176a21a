"""Texts that people and programs do send, and that a platform could take for something else than words.

`TEXTS` holds about three hundred, each once. What must hold for all of them on every platform: nobody is mentioned, nothing
fails, and a reader reads what was written.
"""

from __future__ import annotations

import re
from itertools import product

_SLACK_IDS = ("U012ABCDEF", "W012ABCDEF", "USLACKBOT")
_SNOWFLAKE = "175928847299117063"

MENTIONS = (
    "@everyone", "@here", "@channel", "@ everyone", "hi @everyone!", "(@here)", "**@everyone**", "`@everyone`",
    "@Everyone", "@EVERYONE", "@\u200beveryone", "@\u2060here", "＠everyone", "@everyone\u0301", "x@everyone.example",
    *(f"<@{id}>" for id in _SLACK_IDS), *(f"<@{id}|Ada Quinn>" for id in _SLACK_IDS), "<@U012ABCDEF|<!here>>",
    "<#C012ABCDEF>", "<#C012ABCDEF|staffroom>", "<#C012ABCDEF|>", "#staffroom", "<#G012ABCDEF|secret>",
    "<!here>", "<!channel>", "<!everyone>", "<!here|here>", "<!channel|@channel>", "<!group>", "< !here>", "<! here>",
    "<!subteam^S012ABCDEF>", "<!subteam^S012ABCDEF|@mods>", "<!subteam^S012ABCDEF|<!here>>",
    "<!date^1392734382^{date} at {time}|never>", "<!date^0^^https://example.org|x>", "<!unknown>", "<!>", "<@>", "<#>",
    "&lt;!here&gt;", "&amp;lt;!here&amp;gt;", "&lt;@U012ABCDEF&gt;", "&#60;!here&#62;", "<\u200b!here>", "<!here",
    "!here>", "<<!here>>", "<!<!here>here>", "\\<!here>", "`<!here>`", "```<!here>```", "> <!channel>",
    f"<@{_SNOWFLAKE}>", f"<@!{_SNOWFLAKE}>", f"<@&{_SNOWFLAKE}>", f"<#{_SNOWFLAKE}>", f"\\<@{_SNOWFLAKE}>",
    f"`<@{_SNOWFLAKE}>`", f"```<@&{_SNOWFLAKE}>```", f"<@\u200b{_SNOWFLAKE}>", f"<@ {_SNOWFLAKE}>", f"<@&{_SNOWFLAKE}",
    "</reflect answer:175928847299117063>", "<id:customize>", "<id:browse>", "<id:guide>", "<id:linked-roles>",
    "<t:1392734382>", "<t:1392734382:R>", "<t:0:F>", "<t:99999999999999999999:F>", "<:smile:175928847299117063>",
    "<a:dance:175928847299117063>", "<sound:0:175928847299117063>", "@silent @everyone", "/me waves", "/shrug", "/reflect now",
    f"[hello](<@{_SNOWFLAKE}>)", f"<@{_SNOWFLAKE}><@{_SNOWFLAKE}><@{_SNOWFLAKE}>", "<@U012ABCDEF><!here><#C012ABCDEF>",
)  # fmt: skip

MARKDOWN = (
    "*bold?*", "**bold?**", "***both?***", "_soft?_", "__under?__", "~struck?~", "~~struck?~~", "||hidden?||", "`code?`",
    "``code ` inside``", "```\ncode\n```", "```python\nprint()\n```", "```", "``", "`", "`open", "**open", "__open", "||open",
    "> quoted?", ">>> quoted to the end?", ">quoted", "  > indented quote", "# heading?", "## heading?", "### heading?",
    "-# small?", "#no heading", "* item", "- item", "+ item", "1. item", "1) item", "- [ ] to do", "- [x] done", "---", "***",
    "___", "===", "Title\n===", "Title\n---", "| a | b |\n|---|---|\n| 1 | 2 |", "a | b", "snake_case_name", "2*3*4",
    "5 * 3 * 2", "a_b_c", "~5 km", "C:\\Users\\ada", "\\", "\\\\", "\\n", "\\*", "100%", "$PATH", "a\\_b", "tail\\",
    "![picture](https://example.org/a.png)", "<b>bold?</b>", "<script>alert(1)</script>", "<!-- hidden? -->", "<br>", "<https>",
    "&amp;", "&lt;b&gt;", "&nbsp;", "&copy;", "&#x41;", "&", "&&", "<", ">", "<>", "a < b > c", "1 &lt 2", "&amp;amp;",
    ":smile:", ":+1:", ":not-an-emoji:", "10:30:45", "::", ":::", "a:b:c", "~~~\nfence\n~~~", "    four spaces", "\ttab",
    "line one  \nline two", "line one\\\nline two", "[ ]", "[x]", "[a]: https://example.org", "[^1]", "[^1]: note", "H~2~O",
    "x^2^", "==marked==", "$$e=mc^2$$", "{{ template }}", "{0}", "{week}", "%s", "%(name)s", "${jndi:ldap://example.org/a}",
    "{'a': 1}", "<%= 1 %>", "#{1+1}", "<?php ?>", "'; DROP TABLE part; --", '"quoted"', "'single'", "“curly”", "…", "--", "——",
)  # fmt: skip

LINKS = (
    "https://example.org", "http://example.org/?a=1&b=2", "https://example.org/a_b_c", "https://example.org/(x)",
    "<https://example.org>", "<https://example.org|click here>", "<https://example.org|<!here>>", "<mailto:ada@example.org|write>",
    "[click](https://example.org)", "[https://good.example](https://evil.example)", "[a](<https://example.org>)",
    "[a](javascript:alert(1))", "[a](data:text/html,x)", "[a]( https://example.org )", "[a][b]", "[a](b)", "[](https://example.org)",
    "![](https://example.org/a.png)", "www.example.org", "example.org", "ada@example.org", "tel:+35312345", "slack://open",
    "discord://-/users/1", "discord.gg/abc", "https://discord.gg/abc", "https://example.org/\u202egpj.exe", "ftp://example.org",
    "<javascript:alert(1)|x>", "<https://example.org|>", "<https://example.org", "https://example.org>", "file:///etc/passwd",
    "https://user:secret@example.org", "https://xn--e1afmkfd.example", "https://пример.example", "https://example.org/#frag",
    "[a](https://example.org \"title\")", "[**a**](https://example.org)", "`[a](https://example.org)`", "\\[a](https://example.org)",
)  # fmt: skip

SCRIPTS = (
    "مرحبا بالعالم", "שלום עולם", "سلام (hello) دنیا", "\u202eevil\u202c", "\u202aleft\u202c", "\u2066iso\u2069", "\u200fright",
    "\u200eleft", "\u061c", "abc\u202edef\u202cghi", "zero\u200bwidth", "zero\u200cwidth", "zero\u200dwidth", "\u2060joined",
    "\ufeffmark", "soft\u00adhyphen", "e\u0301e\u0301", "Z̸̢̛͇a̵l̷g̶o̵", "a" + "\u0301" * 200, "नमस्ते दुनिया", "สวัสดีชาวโลก", "日本語のテキスト",
    "한국어 텍스트", "中文文本", "ﷺ", "𝕱𝖗𝖆𝖐𝖙𝖚𝖗", "ｆｕｌｌ ｗｉｄｔｈ", "ꙮ", "İstanbul", "ß", "ﬃ", "ǅ", "\u00a0space\u2003wide\u3000",
    "line\u2028separator", "par\u2029agraph", "next\u0085line", "\u180e", "\u3164", "ㅤ", "\u115f", "\u2800",
)  # fmt: skip

EMOJI = (
    "😀", "👍🏽", "👩‍👩‍👧‍👦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🇮🇪🇮🇪🇮🇪", "❤️", "❤", "1️⃣", "🧑🏿‍🚀", "😀" * 100, "👩‍👩‍👧‍👦" * 60, "🇮🇪" * 150,
    "🌱🌱🌱 we grew", "\U0001f469\u200d", "\U000e0001", "🫠🫡🫢",
)  # fmt: skip

CONTROLS = (
    "\0", "a\0b", "\x01\x02\x03", "bell\x07", "back\x08space", "\x1b[31mred\x1b[0m", "\x7f", "\x80\x9f", "a\rb", "a\r\nb",
    "vertical\x0btab", "form\x0cfeed", "\ud800", "\udc00", "cut \ud83d", "\udc00\ud800", "a\ud800b", "\ufffe", "\uffff",
    "\ufffd", "\U0010ffff", "\n", "\n\n\n", " ", "   ", "\t", "\r\n", " lead", "trail ", "\n\nboth\n\n", "a\n\n\n\n\nb",
)  # fmt: skip

FORMULAS = (
    "=1+1", "=HYPERLINK(0)", '=HYPERLINK("https://example.org";"x")', "+1+1", "-1+1", "@SUM(1)", "=cmd|' /C calc'!A0", "\t=1+1",
    "\r=1", "%0A=1", "=IMPORTXML(0)", "＝1+1",
)  # fmt: skip

LONG = (
    "x" * 40_000,
    "word " * 8_000,
    "**bold** and *soft* and `code`, [a](https://example.org). " * 220,
    "# Heading\n\n- item\n- item\n\n> quote\n\n" * 300,
    "\n" * 5_000,
    "😀" * 5_000,
    "<@U012ABCDEF> " * 1_000,
    "@everyone " * 1_000,
    "&" * 10_000,
    "<" * 10_000,
    "*" * 10_000,
    "`" * 10_000,
    "_" * 10_000,
    "\\" * 10_000,
    "a\n" * 3_000,
    "|" * 5_000,
    "> " * 3_000,
    ">" * 3_000,
    "[" * 3_000,
    "![" * 2_000,
    "é" * 12_000,
)

NAMES = (
    "Ada *the* Quinn", "@everyone", "<!here>", "Ada|Quinn", "Ada\nQuinn", "Ada`Quinn`", "[Ada](https://example.org)", "_ada_", "~ada~",
    "Ada > Ben", "ada#1234", "||ada||", "Ada & Ben", "😀", "\u202eadA", "\u200b", "Ada" + " the Great" * 30,
)  # fmt: skip

_WRAPS = ("*{}*", "`{}`", "> {}", "||{}||", "[{}](https://example.org)", "~{}~")
_SEEDS = ("<!here>", "@everyone", f"<@&{_SNOWFLAKE}>", "<@U012ABCDEF>")
MIXED = tuple(wrap.format(seed) for wrap, seed in product(_WRAPS, _SEEDS))

TEXTS = tuple(
    dict.fromkeys(
        (*MENTIONS, *MARKDOWN, *LINKS, *SCRIPTS, *EMOJI, *CONTROLS, *FORMULAS, *LONG, *NAMES, *MIXED)
    )
)

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def escaped(text: str) -> str:
    """The text as CommonMark that reads as exactly this: every mark with a backslash before it."""
    return _PUNCTUATION.sub(r"\\\1", text)


_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]"
)


def readable(text: str) -> str:
    """What a reader can tell apart: without marks and spaces that cannot be seen; half pairs as �."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return " ".join(_INVISIBLE.sub("", whole).split())


def label(text: str) -> str:
    """A short name of a text for the title of a test."""
    return ascii(text[:24])[1:-1] + (f"…{len(text)}" if len(text) > 24 else "")
