"""Every page names only what exists: files, headings, pictures, commands, settings; and every page can be found."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer

from bot.chat.menu import Menu
from bot.chat.models import Refusal
from bot.chat.parsing.command_line import find_command
from bot.cli.main import app
from bot.platforms import PLATFORMS
from bot.playground.bare_app import bare_menu
from bot.settings.environment import compose_settings, load
from bot.settings.model import Settings
from bot.settings.variables import list_variables
from tests.house.pages import (
    ROOT,
    anchors_of,
    blocks_of,
    code_of,
    every_page,
    links_of,
    name_of,
    pictures_of,
    prose_of,
    reader_pages,
)

PATH = re.compile(r"^(?:bot|adapters|tests|docs|prompts)/[\w./-]+$")
SETTING = re.compile(r"TILTH_[A-Z0-9]+(?:_+[A-Z0-9]+)*")
TELLS_THE_PAST = ("CHANGELOG.md",)
"""Pages that also name what was there once."""
pages = pytest.mark.parametrize("page", every_page(), ids=name_of)
read = pytest.mark.parametrize(
    "page", [one for one in reader_pages() if one.name not in TELLS_THE_PAST], ids=name_of
)


@pages
def test_every_link_and_picture_of_a_page_leads_somewhere(page: Path):
    broken = []
    for link in links_of(page):
        if re.match(r"[a-z]+:", link):
            continue
        path, _hash, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors_of(target)):
            broken.append(link)
    assert broken == []


@pages
def test_a_file_that_a_page_names_exists(page: Path):
    named = [one for one in code_of(page) if PATH.match(one)]
    assert [one for one in named if not (ROOT / one).exists()] == []


@read
def test_a_picture_is_told_in_words(page: Path):
    """Who cannot see it learns what it shows."""
    assert [target for words, target in pictures_of(page) if len(words.split()) < 4] == []


def test_every_page_is_in_the_index():
    index = ROOT / "docs" / "README.md"
    listed = {(index.parent / link.partition("#")[0]).resolve() for link in links_of(index)}
    single = {page.resolve() for page in (ROOT / "docs").glob("*.md") if page != index}
    assert sorted(name_of(page) for page in single - listed) == []


def test_every_picture_is_shown_somewhere():
    shown = {
        (page.parent / target).resolve() for page in reader_pages() for _words, target in pictures_of(page)
    }
    kept = [one for kind in ("png", "gif", "webp", "svg") for one in (ROOT / "docs").glob(f"*.{kind}")]
    assert [name_of(one) for one in kept if one.resolve() not in shown] == []


@pytest.fixture(scope="module")
def menu() -> Menu:
    """Return the commands of the chat."""
    return bare_menu(load(_env_file=None))


@read
def test_every_command_of_the_chat_that_a_page_names_exists(page: Path, menu: Menu):
    named = [one for one in code_of(page) if re.match(r"/[a-z]+(?: |$)", one)]
    assert [one for one in named if not _is_known(menu, one) and one not in NOT_OURS] == []


NOT_OURS = {
    "/invite @Tilth", "/note list", "/note add -- …", "/tilth time", "/healthz", "/readyz", "/metrics", "/reflect home", "/tmp",  # noqa: S108 - a page names it
    "/tilth reflect …",
}  # fmt: skip
"""Slack's own command, those that a recipe tells its reader to make, addresses of the web server, a folder, and how one platform spells
another command."""


def _is_known(menu: Menu, line: str) -> bool:
    try:
        find_command(menu, line.removeprefix("/"))
    except Refusal:
        return False
    return True


@read
def test_every_command_of_the_terminal_that_a_page_names_exists(page: Path):
    command = typer.main.get_command(app)
    named = [
        *code_of(page),
        *(one for block in blocks_of(page) if block.language == "sh" for one in block.commands),
    ]
    assert [one for one in named if one.startswith("tilth ") and not _is_command(command, one)] == []


def test_every_command_of_the_terminal_is_in_the_operators_table():
    listed = " ".join(code_of(ROOT / "docs" / "operators.md"))
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for_developers = {"generate", "revision"}
    assert [one for one in commands if f"tilth {one}" not in listed and one not in for_developers] == []


def _is_command(command: object, line: str) -> bool:
    """Whether its words name a command, and its options are among those of the command."""
    words = shlex.split(line.replace("…", ""))[1:]
    while words and (inner := getattr(command, "commands", {}).get(words[0])):
        command, words = inner, words[1:]
    if getattr(command, "commands", None) and words and not words[0].startswith("-"):
        return False
    known = {name for one in getattr(command, "params", []) for name in (*one.opts, *one.secondary_opts)}
    return all(word.partition("=")[0] in known | {"--help"} for word in words if word.startswith("--"))


@read
def test_every_setting_that_a_page_names_exists(page: Path):
    models = compose_settings(PLATFORMS)
    known = {one.name for one in list_variables(models)}
    text = prose_of(page) + "".join(block.text for block in blocks_of(page))
    assert (
        sorted({one for one in SETTING.findall(text) if not _is_setting(one, known)} - MADE_BY_A_RECIPE) == []
    )


MADE_BY_A_RECIPE = {"TILTH_TERMINAL", "TILTH_TERMINAL__NAME"}


def _is_setting(name: str, known: set[str]) -> bool:
    """Whether a variable is named, or one of a table of them (`TILTH_SLACK__APPS__NORTH__BOT_TOKEN`)."""
    return any(name == one or name.startswith(f"{one}__") or one.startswith(f"{name}__") for one in known)


NUMBERS = {
    "members.md": (("answers", r"stored for (\d+) days"),),
    "members.es.md": (("answers", r"se guardan (\d+) días"),),
    "privacy.md": (
        ("answers", r"Answers and private replies: (\d+) days"), ("replies", r"Answers and private replies: (\d+) days"),
        ("meetings", r"Who came to a meeting: (\d+) days"), ("audit", r"changed which setting: (\d+) days"),
        ("reminders", r"reminders were sent: (\d+) days"), ("left", r"is erased after (\d+) days"),
    ),
}  # fmt: skip
"""What a page promises of the retention, by the setting that decides it."""


@pytest.mark.parametrize("page", NUMBERS)
def test_a_page_promises_the_days_of_the_settings(page: str):
    text = " ".join((ROOT / "docs" / page).read_text().split())
    defaults = Settings.model_fields["retention"].get_default(call_default_factory=True)
    for setting, sentence in NUMBERS[page]:
        assert [int(days) for days in re.findall(sentence, text)] == [getattr(defaults, setting)], setting


def test_the_pages_for_members_promise_the_limit_of_reminders():
    limit = Settings.model_fields["reminders"].get_default(call_default_factory=True).per_week
    words = {1: ("one", "uno"), 2: ("two", "dos"), 3: ("three", "tres")}[limit]
    for page, said in (("members.md", f"at most {words[0]} reminders a week"), ("members.es.md", f"máximo {words[1]} recordatorios por semana")):  # fmt: skip
        assert said in " ".join((ROOT / "docs" / page).read_text().split())
    assert f"at most {words[0]} reminders a week" in " ".join((ROOT / "README.md").read_text().split())


def test_every_decision_is_listed():
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text())
    assert listed == sorted(path.name for path in folder.glob("0*.md"))


def test_what_is_written_in_the_code_names_modules_that_exist():
    files = [path for folder in ("bot", "adapters", "tests") for path in (ROOT / folder).rglob("*.py")]
    known = {path.name for path in files}
    named = (
        (path, name) for path in files for name in re.findall(r"`(?:[\w/]+/)?(\w+\.py)`", path.read_text())
    )
    assert [f"{path.relative_to(ROOT)} names {name}" for path, name in named if name not in known] == []


def test_what_the_architecture_page_calls_by_name_exists():
    defined = {
        name
        for path in (ROOT / "bot").rglob("*.py")
        for name in re.findall(r"^ *(?:async )?(?:class|def) (\w+)", path.read_text(), re.MULTILINE)
    }
    called = re.findall(r"`([A-Z]\w+)(?:\.(\w+))?`", (ROOT / "docs" / "architecture.md").read_text())
    assert [name for pair in called for name in pair if name and name not in defined] == []
