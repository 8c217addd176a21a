"""Cards become messages that Discord takes, and that read as they were meant."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from adapters.discord import blocks, markers, notices, say
from bot.chat import card_examples, cards
from bot.chat.cards import (
    Button,
    Buttons,
    Card,
    ChannelLink,
    Facts,
    File,
    Heading,
    Markdown,
    Mention,
    Moment,
    Note,
    Picture,
    Progress,
    Quote,
    Select,
    Table,
)
from bot.chat.language import speaking
from bot.chat.models import clean_text
from bot.playground.bare_app import bare_gallery
from tests.adapters.discord.limits import check, read, words
from tests.nasty import TEXTS, escaped, label, readable
from tests.stories.stage import settings_for

PIXEL = card_examples.examples()[0].blocks[6].png  # type: ignore[union-attr]


def test_every_example_card_is_within_every_limit(tmp_path):
    every = [
        *bare_gallery(settings_for(tmp_path)),
        *(("", card) for card in (*card_examples.examples(), *notices.examples())),
    ]
    assert len(every) > 20
    for _, card in every:
        check(say.message_payload(card, markers.make_mark("marker")))
        for said in say.card_pages(card, 4):
            check(said)


def test_blocks_read_as_they_are_meant():
    at = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
    card = cards.say(
        "A card",
        Heading("Who *did* it"),
        Markdown(("**Strong** by ", Mention("175928847299117063", "Ada"), " and ", Mention("u1", "Ben"))),
        Facts(
            (
                ("Closes", (Moment(at, "UTC"),)),
                ("Where", (ChannelLink("c1", "staff*room"),)),
                ("What", "a *b*"),
            )
        ),
        Quote("> not mine\n# no heading", by="Ada"),
        Progress("Lessons", 2, 3),
        Note("Small *print*."),
    )
    assert words(card) == (
        "Who *did* it\nStrong by @Somebody and @Ben\n\n"
        "Closes: Monday 5 October 2026 at 09:00\nWhere: #staff*room\nWhat: a *b*\n\n"
        "> > not mine\n> # no heading\n> — Ada\n\nLessons: ■■■■■■■□□□ 2 of 3\n\nSmall *print*."
    )


def test_a_title_that_says_more_than_the_heading_stands_in_its_place():
    assert (
        words(Card("Lesson 1 of 3: Soil", (Heading("Soil"), Markdown("Dig.")))) == "Lesson 1 of 3: Soil\nDig."
    )
    assert words(Card("Kept", (Heading("Soil"), Markdown("Dig.")))) == "Soil\nDig."
    assert words(Card("Kept", (Markdown("Dig."),))) == "Dig."


def test_moments_are_shown_in_each_readers_zone_by_discord():
    at = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
    for style, mark in (("date", "D"), ("time", "t"), ("full", "F"), ("relative", "R")):
        said = say.message_payload(cards.say("When", Markdown((Moment(at, "UTC", style),))))  # type: ignore[arg-type]
        assert said.components[0]["components"][0]["content"] == f"<t:{int(at.timestamp())}:{mark}>"


def test_a_moment_in_words_is_said_in_the_language_of_its_card():
    at = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
    with speaking("es_US"):
        card = cards.say("Hola", Markdown((Moment(at, "UTC", in_words=True),)))
    said = say.message_payload(card).components[0]["components"][0]["content"]
    assert said.startswith("lunes, 5 de octubre")


def test_a_table_stands_in_columns_and_no_cell_ends_its_code_block():
    said = say.message_payload(cards.say("T", Table(("Team", "Lessons"), (("日本", "2"), ("```", "12")))))
    lines = said.components[0]["components"][0]["content"].splitlines()
    assert lines == ["```", "Team  Lessons", "────  ───────", "日本  2", "ˋˋˋ   12", "```"]


def test_what_a_button_does_or_opens_is_in_its_custom_id_up_to_a_hundred_characters():
    value = "x" * (100 - len("reflect.answer:"))
    card = cards.say(
        "B",
        Buttons(
            (
                Button("Open", opens="reflect.answer", value=value),
                Button("Do", does="reflect.answer", value=value),
            )
        ),
        Select("Pick", "reflect.pick", (("a", "A"),), value="v:1"),
    )
    said = say.message_payload(card)
    check(said)
    box = said.components[0]["components"]
    first, second = box[0]["components"]
    assert markers.read_pressed(first["custom_id"]) == markers.ComponentState("reflect.answer", value, True)
    assert markers.read_pressed(second["custom_id"]) == markers.ComponentState("reflect.answer", value, False)
    assert markers.read_pressed(box[1]["components"][0]["custom_id"]) == markers.ComponentState(
        "reflect.pick", "v:1", False
    )


def test_buttons_that_mean_the_same_have_custom_ids_of_their_own():
    card = cards.say("B", *[Buttons((Button(f"Do {n}", does="a.b", value="v"),)) for n in range(5)])
    said = say.message_payload(card)
    check(said)
    ids = [row["components"][0]["custom_id"] for row in said.components[0]["components"]]
    assert len(set(ids)) == 5
    assert {markers.read_pressed(id) for id in ids} == {markers.ComponentState("a.b", "v", False)}
    with pytest.raises(ValueError, match="not more"):
        say.message_payload(
            cards.say("B", *[Buttons((Button(f"Do {n}", does="a.b", value="v"),)) for n in range(6)])
        )


def test_only_web_links_become_buttons_and_the_others_stay_words():
    long = "https://example.org/" + "x" * 600
    said = say.message_payload(
        cards.say("L", Buttons((Button("Ok", link="https://example.org/"), Button("Long", link=long))))
    )
    check(said)
    parts = said.components[0]["components"]
    assert [button["label"] for button in parts[1]["components"]] == ["Ok"]
    assert "Long" in parts[0]["content"]


def test_pictures_and_files_are_attached_with_their_words():
    card = cards.say(
        "F",
        Picture(PIXEL, "A dot"),
        Picture(PIXEL, "Another"),
        File("my notes (1).txt", b"x", "Notes"),
        File("my notes 1.txt", b"y", "More"),
    )
    said = say.message_payload(card)
    check(said)
    assert [(one.name, one.about) for one in said.files] == [
        ("picture.png", "A dot"), ("picture-2.png", "Another"), ("my-notes-1-.txt", "Notes"), ("my-notes-1.txt", "More"),
    ]  # fmt: skip
    gallery = said.components[0]["components"][0]
    assert gallery["items"] == [{"media": {"url": "attachment://picture.png"}, "description": "A dot"}]


def test_one_role_is_named_where_the_card_may_ping_it():
    said = say.message_payload(Card("P", (Markdown("Hello."),), pings="175928847299117063"))
    assert said.pings == "175928847299117063"
    assert said.components[0]["components"][0]["content"] == "<@&175928847299117063>\n\nHello."
    assert (
        say.message_payload(Card("P", (Markdown("Hello."),), pings="everyone")).components[0]["components"][
            0
        ]["content"]
        == "Hello."
    )


# ── what does not fit ─────────────────────────────────────────────────────────


@pytest.mark.parametrize("length", [3849, 3850, 3851, 4000, 4001, 12_000])
def test_long_text_is_cut_at_a_paragraph_and_the_whole_goes_with_it(length):
    text = ("All that was said. " * 20 + "\n\n") * 40
    card = cards.say("Digest", Markdown(text[:length]), Buttons((Button("Answer", opens="a.b", value="o1"),)))
    said = say.message_payload(card, markers.make_mark("m"))
    check(said)
    rows = [part for part in said.components[0]["components"] if part["type"] == blocks.ROW]
    assert len(rows) == 1, "buttons are kept whatever the text"
    if length > 3850:
        assert said.files[-1].data.decode().count("All that was said.") == text[:length].count(
            "All that was said."
        )
        assert read(said).count("All that was said.") > 150
    else:
        assert said.files == ()


def test_an_answer_goes_on_in_further_messages_before_it_becomes_a_file():
    text = "\n\n".join(f"Paragraph {n}: " + "some words " * 40 for n in range(30))
    pages = say.card_pages(cards.say("Long", Markdown(text)), 4, markers.make_mark("m"))
    assert 1 < len(pages) <= 4
    for page in pages:
        check(page)
    everything = "\n".join(read(page) for page in pages)
    assert all(f"Paragraph {n}:" in everything for n in range(30))
    assert [markers.read_mark(page.components) is not None for page in pages] == [True] + [False] * (
        len(pages) - 1
    )


def test_forty_components_are_the_end_of_a_message():
    rows = [
        Buttons(tuple(Button(f"{r}.{c}", does="a.b", value=f"{r}.{c}") for c in range(5))) for r in range(9)
    ]
    card = cards.say("Many", *rows)
    check(say.message_payload(card))
    pages = say.card_pages(card, 4)
    for page in pages:
        check(page)
    labels = [
        b["label"] for page in pages for row in page.components[0]["components"] for b in row["components"]
    ]
    assert labels == [button.label for row in rows for button in row.buttons]


def test_every_example_card_can_do_without_its_files(tmp_path):
    for _, card in (*bare_gallery(settings_for(tmp_path)), ("", card_examples.examples()[0])):
        said = say.without_files(say.message_payload(card, markers.make_mark("m")))
        check(said)
        assert said.files == ()
        assert markers.read_mark(said.components) == markers.make_mark("m")


def test_eleven_files_need_a_second_message():
    card = cards.say("Files", *[File(f"{n}.txt", b"x", f"File {n}") for n in range(11)])
    pages = say.card_pages(card, 4)
    for page in pages:
        check(page)
    assert [one.name for page in pages for one in page.files] == [f"{n}.txt" for n in range(11)]


def test_a_code_block_that_is_cut_is_closed_and_opened_again():
    rows = tuple((f"Team {n}", "x" * 40) for n in range(200))
    pages = say.card_pages(cards.say("T", Table(("Team", "Words"), rows)), 4)
    for page in pages:
        check(page)
        assert page.components[0]["components"][0]["content"].count("```") == 2
    assert "Team 199" in read(pages[-1])


# ── nasty texts ───────────────────────────────────────────────────────────────


def _everywhere(text: str) -> Card:
    return Card(
        "Somebody's words",
        (
            Heading(text), Markdown(f"Said by **{escaped(text)}** here"), Facts((("Name", text), (text, "value"))),
            Quote(text, by=text), Table(("Name", "Words"), ((text, "1"), ("Ben", text))), Note(text),
        ),
    )  # fmt: skip


@pytest.mark.parametrize("text", TEXTS, ids=label)
def test_a_nasty_text_is_taken_and_its_words_are_read(text):
    said = say.message_payload(_everywhere(clean_text(text)), markers.make_mark("m"))
    check(said)
    if len(text) <= 120 and readable(text):
        assert readable(text) in readable(read(said))


@pytest.mark.parametrize("text", [one for one in TEXTS if readable(one) and len(one) <= 120], ids=label)
def test_a_nasty_quote_is_read_exactly_and_mentions_and_links_nothing(text):
    said = say.message_payload(cards.say("Quoted", Quote(clean_text(text))))
    content = said.components[0]["components"][0]["content"]
    quoted = "\n".join(line.removeprefix(">").removeprefix(" ") for line in read(said).splitlines())
    assert readable(quoted) == readable(text)
    for live in (
        "<@1",
        "<@!1",
        "<@&1",
        "<#1",
        "<t:",
        "<id:",
        "<:smile",
        "<a:dance",
        "</reflect",
        "@everyone",
        "@here",
        "://",
    ):
        assert live not in content, live


def test_no_text_turns_around_what_stands_beside_it():
    said = say.message_payload(
        cards.say("R", Quote("abc\u202edef\u2066\u200b\x1b[31m 👩\u200d👧 می\u200cخواهم"))
    )
    content = said.components[0]["components"][0]["content"]
    assert "\u202e" not in content
    assert "\x1b" not in content
    assert "👩\u200d👧 می\u200cخواهم" in content
