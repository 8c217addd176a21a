"""Files that are made from the code, so that they cannot drift: .env.example, content schemas, the tables of pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.chat.menu import command_table
from bot.courses.lessons import files as courses
from bot.platforms import PLATFORMS
from bot.playground.bare_app import bare_menu
from bot.reflections.prompts import files as reflections
from bot.settings.environment import compose_settings, load
from bot.settings.model import PREFIX, Settings
from bot.settings.variables import env_example, list_variables

_PART = re.compile(r"(<!-- (?P<name>[a-z ]+) -->\n).*?(<!-- /(?P=name) -->)", re.DOTALL)


PAGES = ("docs/commands.md", "docs/stored-data.md", *(f"docs/{one.name}.md" for one in PLATFORMS))
"""The pages with parts that are made from the code."""


def generate_files(root: Path) -> dict[str, str]:
    """What each generated file should hold, by its path in the checkout."""
    parts = {"commands": command_table(bare_menu(load(_env_file=None)).commands)}
    parts["retention"] = retention_table()
    for one in PLATFORMS:
        parts[f"{one.name} {one.asks_for}s"] = reasons_table(one.asks_for, one.reasons())
    wanted = {
        ".env.example": env_example(compose_settings(PLATFORMS)),
        **{page: _fill_parts((root / page).read_text(), parts) for page in PAGES},
    }
    shapes = reflections.build_schemas() | courses.course_schemas()
    wanted.update({f"prompts/schema/{name}": text for name, text in shapes.items()})
    return wanted


def _fill_parts(page: str, parts: Mapping[str, str]) -> str:
    return _PART.sub(lambda found: f"{found[1]}{parts[found['name']]}\n{found[3]}", page)


def reasons_table(title: str, reasons: Iterable[tuple[str, str, bool]]) -> str:
    """What the bot asks a platform for, as a Markdown table: (name, why, whether it cannot do without)."""
    rows = [f"| `{name}` | {why} | {'' if needed else 'optional'} |" for name, why, needed in reasons]
    return "\n".join([f"| {title} | why | |", "|---|---|---|", *rows])


def retention_table() -> str:
    """How long each kind of data is kept, as a Markdown table."""
    group = "retention__"
    rows = [
        f"| `{one.name}` | {one.default} | {one.description} |"
        for one in list_variables(Settings)
        if one.name.startswith(f"{PREFIX}{group}".upper())
    ]
    return "\n".join(["| setting | default | |", "|---|---|---|", *rows])


def stale_files(root: Path) -> list[str]:
    """Generated files that are missing or no longer what the code makes."""
    return [
        name
        for name, text in generate_files(root).items()
        if not (root / name).is_file() or (root / name).read_text() != text
    ]


def write_files(root: Path) -> list[str]:
    """Write what is not current; which files those were."""
    wanted = generate_files(root)
    old = stale_files(root)
    for name in old:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(wanted[name])
    return old
