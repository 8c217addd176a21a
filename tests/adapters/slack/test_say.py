"""Cards on Slack: every limit at its edge, and nothing live that nobody meant."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from adapters.slack import markdown, say
from adapters.slack.blocks import Look
from adapters.slack.say import BLOCKS, PAGES, card_pages, fallback_text, marker_of, one_page, view_blocks
from bot.chat.card_examples import examples
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
from bot.chat.cards import say as card_of
from bot.chat.language import speaking
from bot.chat.models import clean_text
from bot.playground.bare_app import bare_gallery
from bot.settings.environment import load
from tests.fakes.slack.blocks import check_message, check_view
from tests.fakes.slack.reading import live_mentions, text
from tests.nasty import TEXTS

WHEN = datetime(2026, 10, 5, 8, tzinfo=UTC)


def read(*found: say.MessagePage) -> str:
    return "\n".join(text({"type": "message", "blocks": page.blocks}) for page in found)


def blocks_of(*some, **look):
    [page] = card_pages(Card("T", some), look=Look(**look))
    return page.blocks


def accepted(card: Card, **look) -> tuple[say.MessagePage, ...]:
    """The pages of a card, each taken by Slack's own check."""
    found = card_pages(card, "m" * 24, Look(**look))
    for page in found:
        assert check_message(page.blocks, {}) == []
        assert len(page.text) <= say.TEXT + 100
        assert page.text
    return found


def test_every_example_of_every_feature_is_accepted_everywhere():
    gallery = [card for _, card in bare_gallery(load(_env_file=None))]
    assert len(gallery) > 20
    for card in [*gallery, *examples()]:
        accepted(card)
        one_page(card)
        for surface in ("modal", "home"):
            assert check_view(view_blocks(card, Look(view=True)), surface, {}) == []


@pytest.mark.parametrize("length", [2799, 2800, 2801, 3000, 12_000, 13_300, 40_000])
@pytest.mark.parametrize("block", [Markdown, Quote, Note, lambda text: Facts((("Said", text),))])
def test_a_text_of_any_length_is_shown_whole(block, length):
    words = ("word " * length)[:length]
    found = accepted(card_of("Long", block(words)))
    shown = read(*found).replace("> ", "").replace("More follows.", "")
    assert shown.count("word") == words.count("word")


def test_an_unbroken_word_is_cut_and_none_of_it_is_lost():
    found = accepted(card_of("Long", Quote("x" * 40_000)))
    assert read(*found).count("x") == 40_000


@pytest.mark.parametrize("length", [1, 149, 150, 151, 3000, 5000])
def test_a_heading_of_any_length_is_shown_whole(length):
    [first, *_] = accepted(card_of("T", Heading("h" * length)))
    assert first.blocks[0]["type"] == ("header" if length <= 150 else "rich_text")
    assert read(first).count("h") == length


@pytest.mark.parametrize("count", [BLOCKS - 2, BLOCKS - 1, BLOCKS, 3 * BLOCKS])
def test_many_blocks_become_several_pages_and_all_are_there(count):
    found = accepted(Card("Many", tuple(Markdown(f"Number {number}.") for number in range(count))))
    assert len(found) == -(-count // (BLOCKS - 1))
    for number in range(count):
        assert f"Number {number}." in read(*found)
    assert all("More follows." in read(page) for page in found[:-1])
    assert "More follows." not in read(found[-1])


def test_only_the_first_page_carries_the_marker():
    found = card_pages(card_of("Long", Markdown("word " * 6000)), "abc123")
    assert len(found) > 1
    assert [marker_of({"blocks": page.blocks}) for page in found] == ["abc123", *[None] * (len(found) - 1)]


def test_the_marker_sits_on_a_card_of_any_first_block():
    [card] = examples()
    for block in card.blocks:
        [page] = card_pages(Card("T", (block,)), "abc123")
        assert marker_of({"blocks": page.blocks}) == "abc123"
    assert marker_of({"blocks": card_pages(Card("No blocks"), "abc123")[0].blocks}) == "abc123"


def test_what_is_endless_is_cut_and_says_so():
    found = accepted(card_of("Endless", Quote("word " * 100_000)))
    assert len(found) == PAGES
    assert "too long for Slack" in read(found[-1])


def test_one_page_says_that_there_is_more():
    page = one_page(card_of("Long", Markdown("word " * 6000)), "abc123")
    assert check_message(page.blocks, {}) == []
    assert "There is more than fits here." in read(page)
    assert marker_of({"blocks": page.blocks}) == "abc123"


def test_a_heading_is_never_left_alone_at_the_end_of_a_page():
    some = [Markdown("word " * 550) for _ in range(4)]
    found = accepted(Card("T", (*some, Heading("The next part"), Markdown("word " * 500))))
    assert len(found) == 2
    assert "The next part" in read(found[1])
    assert "The next part" not in read(found[0])


# ── nothing is live that nobody meant ─────────────────────────────────────────


@pytest.mark.parametrize("words", [clean_text(one) for one in TEXTS], ids=range(len(TEXTS)))
def test_nobodys_words_mention_anybody(words):
    card = Card(
        words[:300] or "T",
        (Heading(words), Markdown(words), Facts(((words, words),)), Quote(words, by=words), Note(words),
         Table(("A",), ((words,),)), Progress(words, 1, 2), File("a.txt", b"", words), Picture(b"", words)),
    )  # fmt: skip
    for page in accepted(card):
        assert live_mentions({"text": page.text, "blocks": page.blocks}) == []


def test_a_mention_is_a_name_where_it_could_notify_and_live_only_for_its_reader():
    words = ("Hello ", Mention("U123", "Ada"), ".")
    public = blocks_of(Markdown(words))
    assert live_mentions({"blocks": public}) == []
    assert "Hello @Ada." in text({"blocks": public})
    own = blocks_of(Markdown(words), reader="U123")
    assert live_mentions({"blocks": own}) != []
    assert live_mentions({"blocks": blocks_of(Markdown(words), reader="U999")}) == []


def test_only_the_group_that_was_granted_is_pinged():
    [page] = card_pages(Card("Prompt", (Markdown("Hi <!here>"),), pings="S123"))
    assert live_mentions({"text": page.text, "blocks": page.blocks}) == ["<!subteam^S123>"]
    [page] = card_pages(Card("Prompt", (Markdown("Hi"),), pings="here> <!channel"))
    assert live_mentions({"text": page.text, "blocks": page.blocks}) == []


def test_a_moment_is_shown_in_the_readers_zone_with_its_plain_text_beside():
    [block] = blocks_of(Markdown(("Until ", Moment(WHEN, "Europe/Dublin"), ".")))
    [date] = [one for one in block["elements"][0]["elements"] if one["type"] == "date"]
    assert date["timestamp"] == int(WHEN.timestamp())
    assert date["fallback"] == "Monday, October 5 at 9:00 AM (Irish Time)"


def test_a_moment_in_words_is_said_in_the_language_of_its_card_whatever_the_readers_device_speaks():
    with speaking("es_US"):
        card = card_of("Hola", Markdown(("Abierta hasta: ", Moment(WHEN, "Europe/Dublin", in_words=True))))
    [page] = accepted(card)
    assert "lunes, 5 de octubre" in read(page)
    assert '"date"' not in json.dumps(page.blocks)


def test_a_channel_is_linked_and_one_with_another_platforms_id_is_named():
    [block] = blocks_of(
        Facts((("Where", (ChannelLink("C0123", "x"), " or ", ChannelLink("c1", "staffroom"))),))
    )
    kinds = [one["type"] for one in block["elements"][0]["elements"]]
    assert kinds.count("channel") == 1
    assert "#staffroom" in text({"blocks": [block]})


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "slack://open", "data:text/html,x", "file:///etc/passwd"]
)
def test_only_the_web_and_mail_are_linked(url):
    [block] = blocks_of(Markdown(f"[press]({url})"))
    assert all(one["type"] == "text" for one in block["elements"][0]["elements"])


def test_an_address_in_our_own_words_is_a_link_and_in_a_members_is_none():
    def links(block):
        [made] = blocks_of(block)
        return [one["url"] for part in made["elements"] for one in part["elements"] if one["type"] == "link"]

    assert links(Markdown("See https://example.org/a_b.")) == ["https://example.org/a_b"]
    assert links(Quote("See https://example.org/a_b.")) == []


def test_an_emoji_that_was_picked_on_slack_is_one_and_a_flood_stays_text():
    def emoji(block):
        [made] = blocks_of(block)
        return sum(one["type"] == "emoji" for part in made["elements"] for one in part["elements"])

    assert emoji(Markdown("Sow :seedling: and wait.")) == 1
    assert emoji(Quote(":seedling:" * 200)) == 0
    assert emoji(Markdown("At 10:30:45 or a:b:c.")) == 0


# ── blocks ────────────────────────────────────────────────────────────────────


def test_the_first_table_is_native_and_a_second_or_a_big_one_is_drawn():
    table = Table(("Team", "Lessons"), (("North", "2 of 3"),))
    assert [one["type"] for one in blocks_of(table, table)] == ["table", "rich_text"]
    assert [one["type"] for one in blocks_of(table, simple=True)] == ["rich_text"]
    assert [one["type"] for one in blocks_of(table, view=True)] == ["rich_text"]
    for rows, kind in ((98, "table"), (100, "rich_text")):
        [first, *_] = accepted(card_of("T", Table(("A", "B"), (("x", ""),) * rows)))
        assert first.blocks[0]["type"] == kind


def test_a_picture_is_shown_when_it_was_brought_and_said_when_not():
    picture = Picture(b"png", "Two of three lessons are done.")
    [shown] = blocks_of(picture, pictures={0: "F1"})
    assert (shown["type"], shown["slack_file"], shown["alt_text"]) == ("image", {"id": "F1"}, picture.alt)
    for look in ({}, {"pictures": {0: "F1"}, "simple": True}):
        assert picture.alt in text({"blocks": blocks_of(picture, **look)})


def test_buttons_say_what_they_do_and_carry_their_state():
    [row] = blocks_of(
        Buttons((
            Button("Answer", opens="reflect.answer", value="o1", style="main"), Button("x" * 75, does="d", value="1"),
            Button("Read", link="https://example.org"), Button("Gone", does="x", value="1", style="danger"),
        ))
    )  # fmt: skip
    assert [(one["action_id"], one.get("value"), one.get("style")) for one in row["elements"]] == [
        ("opens:0", "reflect.answer:o1", "primary"), ("does:1", "d:1", None), ("link:2", None, None),
        ("does:3", "x:1", "danger"),
    ]  # fmt: skip


def test_a_select_shows_its_label_and_what_holds_now():
    select = Select("Help", "do.it", (("", "None"), ("a", "x" * 200)), value="v", chosen="a")
    [block] = blocks_of(select)
    assert block["accessory"]["initial_option"]["value"] == "a"
    assert check_message([block], {}) == []
    assert block["accessory"]["action_id"] == "select:do.it:v"


# ── what is read aloud ────────────────────────────────────────────────────────


def test_the_text_begins_with_the_title_and_is_never_too_long():
    assert fallback_text(card_of("News", Markdown("Something."))) == "News\nSomething."
    assert fallback_text(card_of("<!here>", Markdown("a & b"))) == "&lt;!here&gt;\na &amp; b"
    long = fallback_text(card_of("T", Quote("<" * 10_000)))
    assert len(long) <= say.TEXT
    assert long.endswith(" …")
    assert "<" not in long


def test_the_markdown_of_a_card_is_read_once_however_often_it_is_counted_and_shown():
    card = Card(
        "T",
        (Markdown("**one** word, and _another_\n\n" * 900), Markdown(["- a list of ", Mention("U1", "Ada")])),
    )
    markdown._read.cache_clear()
    parts = say.count_parts(card)
    shown = [say.part_pages(card, part, "m" * 24, Look(reader="U1")) for part in range(parts)]
    assert parts > 1
    assert markdown._read.cache_info().misses == 2
    assert [page.text for part in shown for page in part] == [page.text for page in card_pages(card)]


def test_a_card_looks_the_same_whenever_it_is_shown():
    for card in [*examples(), *(Card("T", (Markdown(one), Markdown(one))) for one in TEXTS[::7])]:
        markdown._read.cache_clear()
        first = json.dumps([page.blocks for page in card_pages(card, "m" * 24)])
        assert json.dumps([page.blocks for page in card_pages(card, "m" * 24)]) == first
