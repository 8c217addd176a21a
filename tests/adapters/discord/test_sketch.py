"""The gallery shows what a card becomes on Discord, with nobody's words as HTML."""

from __future__ import annotations

from adapters.discord.preview import draw_card
from bot.chat import card_examples
from bot.chat.cards import Markdown, Quote, say
from bot.playground.bare_app import bare_gallery
from tests.stories.stage import settings_for


def test_every_example_card_can_be_drawn(tmp_path):
    for _, card in bare_gallery(settings_for(tmp_path)):
        assert '<div class="sketch discord">' in draw_card(card)


def test_every_block_is_drawn_as_discord_shows_it():
    drawn = draw_card(card_examples.examples()[0])
    for part in (
        "<p class='head'>Every block a card can hold</p>", "<b>Strong</b>", "<i>soft</i>", "<code>exact</code>",
        "<span class='live'>Monday, October 5 at 9:00 AM</span>", "<pre>Team", "<img src='data:image/png;base64,iVBO", "alt='A single gray dot'>", "[file: notes.txt]",
        "<span class='button primary'>Answer</span>", "<p class='aside'>Only you can see this.</p>",
    ):  # fmt: skip
        assert part in drawn, part
    assert "<blockquote>We tried *wait time* &lt;today&gt;" in drawn


def test_words_are_never_html():
    drawn = draw_card(
        say("X", Markdown("<script>alert(1)</script> [a](javascript:alert)"), Quote("<img src=x onerror=y>"))
    )
    assert "<script" not in drawn
    assert "<img" not in drawn
