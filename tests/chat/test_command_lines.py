"""Commands in texts are found, read and written anew; nothing else in a text is touched."""

from __future__ import annotations

import pytest

from bot.chat.cards import Card, CommandLink, Facts, Heading, Markdown, Note, Quote
from bot.chat.command_lines import CommandTexts, WrittenCommand, rooted, split_commands
from bot.chat.forms import FieldErrors, Form, Hint, LongText
from bot.chat.menu import Command, Menu, Option, OptionKind

SCHEDULE = Option("schedule", "Which", OptionKind.ID, positional=True, letter="s")
CHANNEL = Option("channel", "Where", OptionKind.CHANNEL, positional=True)
DO = Option("do", "What to do", OptionKind.CHOICE, positional=True, choices=("add", "drop"))
MENU = Menu(
    (
        Command("prompt", "", "Home"),
        Command("prompt", "place", "Place", (SCHEDULE, CHANNEL)),
        Command("prompt", "pause", "Pause", (SCHEDULE, Option("until", "Until", OptionKind.DAY))),
        Command("my", "data export", "Export"),
        Command("my", "settings", "Settings", (Option("progress", "Who sees it"),)),
        Command("discuss", "topics", "Topics", (SCHEDULE, DO, Option("text", "Words", OptionKind.TEXT))),
        Command("tilth", "help", "Help"),
    ),
    {"prompt": "P", "my": "M", "discuss": "D", "tilth": "T"},
)


def found(text: str) -> list[tuple[str, dict[str, str]]]:
    return [
        (one.command.path, dict(one.given))
        for one in split_commands(MENU, text)
        if isinstance(one, WrittenCommand)
    ]


@pytest.mark.parametrize(
    ("text", "path", "given"),
    [
        (
            "`/prompt place s3 #staffroom` moves it.",
            "prompt place",
            {"schedule": "s3", "channel": "#staffroom"},
        ),
        ("Use `/prompt pause s3 until:5 jan`.", "prompt pause", {"schedule": "s3", "until": "5 jan"}),
        ("/prompt pause s3 lets it rest.", "prompt pause", {"schedule": "s3"}),
        ("Show it: /my settings progress:team.", "my settings", {"progress": "team"}),
        ("/my data export first gives you a copy.", "my data export", {}),
        (
            "`/discuss topics s4 add -- one per line`",
            "discuss topics",
            {"schedule": "s4", "do": "add", "text": "one per line"},
        ),
        ("`/prompt place [schedule] <channel>`", "prompt place", {}),
        ("(/prompt)", "prompt", {}),
    ],
)
def test_a_command_is_read_with_what_each_option_was_given(
    text: str, path: str, given: dict[str, str]
) -> None:
    assert found(text) == [(path, given)]
    assert "".join(
        one if isinstance(one, str) else f"`{one.line}`" if one.code else one.line for one in split_commands(MENU, text)
    ) == text  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "and/my or", "https://tilth.example/my/page", "`/my data`", "/prompts", "``/prompt place``", "/unknown place",
        "C:/prompt", "</prompt place:12>", "/prompt.txt",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_command_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_behind_one_root_every_command_of_a_card_and_a_form_names_the_root() -> None:
    texts = CommandTexts(lambda: MENU, rooted)
    card = Card(
        "T",
        (
            Heading("/prompt"), Markdown("`/prompt place s3` or `/tilth help`."), Note("/my settings changes it."),
            Facts((("How", "`/prompt place s3`"),)), Quote("I wrote /prompt place s3."),
        ),
    )  # fmt: skip
    assert texts.card(card).blocks == (
        Heading("/tilth prompt"), Markdown("`/tilth prompt place s3` or `/tilth help`."), Note("/tilth my settings changes it."),
        Facts((("How", "`/tilth prompt place s3`"),)), Quote("I wrote /prompt place s3."),
    )  # fmt: skip
    form = Form("f", "T", (Hint("See `/my settings`."), LongText("a", "A", "Or /prompt")))
    assert [getattr(one, "text", None) or one.hint for one in texts.form(form).fields] == [
        "See `/tilth my settings`.", "Or /tilth prompt",
    ]  # fmt: skip
    assert texts.reply(FieldErrors({"a": "Use /prompt."})) == FieldErrors({"a": "Use /tilth prompt."})


def test_where_no_characters_but_text_are_taken_a_link_is_its_words() -> None:
    texts = CommandTexts(
        lambda: MENU, lambda written: CommandLink(written.command.path, "7", ("schedule: s3",))
    )
    shown = texts.card(Card("T", (Heading("/prompt"), Markdown("Use /prompt place s3 now."))))
    assert shown.blocks[0] == Heading("/prompt schedule: s3")
    assert shown.blocks[1] == Markdown(("Use ", CommandLink("prompt place", "7", ("schedule: s3",)), " now."))
