"""The cards of letters: the letter itself, the word that there is none yet, and the offer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.chat import plain_text
from bot.chat.cards import Block, Button, Buttons, Card, File, Heading, Markdown, Note, Quote, say
from bot.chat.language import N_, _, format_day, format_list, ngettext
from bot.chat.menu_cards import RUN
from bot.letters.letter import (
    APART,
    FEWEST,
    Letter,
    OwnEntry,
    ReturningWord,
    ScaleMove,
    ScalePick,
    ThenAndNow,
    thin_out,
)
from bot.reflections.cards import clip_text

READ = "my.letter"
QUOTED = 600
"""Characters of a quote."""
SHOWN_PICKS = 6
"""Picks of one scale that are listed."""


def letter_card(letter: Letter) -> Card:
    """A letter, with a copy to keep."""
    title = _("Your letter")
    count = ngettext(
        "This letter comes from {count} answer or note, from {first} to {last}.",
        "This letter comes from {count} answers and notes, from {first} to {last}.",
        letter.count, first=format_day(letter.first), last=format_day(letter.last),
    )  # fmt: skip
    about = _(
        "These are your own words, as you wrote them. Nobody else gets this letter, and it is not stored."
    )
    blocks: list[Block] = [Heading(title), Markdown(f"{count} {about}"), *_pairs(letter)]
    if letter.words:
        blocks += [
            Heading(_("What came back")),
            Markdown("\n".join(f"- {_word(one)}" for one in letter.words)),
        ]
    if letter.scales:
        blocks += [Heading(_("How your scales moved")), Markdown("\n".join(map(_move, letter.scales)))]
    copy = plain_text.card_text(Card(title, tuple(blocks))).encode()
    every = Button(_("See all my answers"), does=RUN, value="reflect history")
    return say(
        title,
        *blocks,
        File("my-letter.txt", copy, _("Your letter, to keep")),
        Buttons((every,)),
        Note(_("Only you can see this.")),
    )


def _pairs(letter: Letter) -> Iterator[Block]:
    if letter.pairs:
        yield Heading(_("Then and now"))
    for pair in letter.pairs:
        yield from (block for one in (pair.then, pair.now) for block in _quote(one))


def _quote(one: OwnEntry) -> tuple[Block, Block]:
    said = _("**{prompt}**, {day}", prompt=one.title, day=format_day(one.day))
    return Markdown(said), Quote(clip_text(one.words, QUOTED))


def _word(one: ReturningWord) -> str:
    return ngettext(
        "**{word}**: in {count} answer, from {first} to {last}",
        "**{word}**: in {count} answers, from {first} to {last}",
        one.times, word=one.word, first=format_day(one.first), last=format_day(one.last),
    )  # fmt: skip


def _move(one: ScaleMove) -> str:
    pick = one.picks[-1][1]
    ends = _(
        "{start} is {low}, {end} is {high}", start=pick.start, low=pick.low, end=pick.end, high=pick.high
    )
    steps = [
        _("{value} on {day}", value=each.value, day=format_day(day)) for day, each in thin_out(one, SHOWN_PICKS)
    ]  # fmt: skip
    return _("- **{question}** {steps} ({ends})", question=pick.ask, steps=format_list(steps), ends=ends)


def too_few_card(count: int) -> Card:
    """There is no letter yet, and what it takes."""
    title = _("There is no letter yet")
    have = ngettext("You have {count} answer here.", "You have {count} answers here.", count)
    needs = _(
        "A letter needs at least {fewest} answers in words or on a scale, and {days} days between the first and the last.",
        fewest=FEWEST, days=APART,
    )  # fmt: skip
    buttons = Buttons((Button(_("See what is open"), does=RUN, value="reflect now"),))
    return say(title, Heading(title), Markdown(f"{have} {needs}"), buttons)


OFFERS = {
    "course": N_(
        "You finished {course}. I can make you a private letter from your own answers: then and now."
    ),
    "year": N_(
        "The school year is over. I can make you a private letter from your own answers of this year."
    ),
}
"""How a letter is offered, by the kind of its occasion."""
AGAIN = {
    "course": N_("Here is the letter about {course} that you put off. Would you like to read it?"),
    "year": N_("Here is the letter about this school year that you put off. Would you like to read it?"),
}
"""The same to whoever put it off."""


def offer_card(sentence: str, value: str) -> Card:
    """The offer of a letter."""
    title = _("A letter from your own answers")
    nobody = _("Nobody else sees it. If you do nothing, nothing happens.")
    read = Buttons((Button(_("Read my letter"), does=READ, value=value, style="main"),))
    return say(title, Markdown(f"{sentence} {nobody}"), read)


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    then = OwnEntry(
        date(2026, 10, 5), 1, "The first bell", "time", "", "The hallway is loud, and I said so to nobody."
    )
    now = OwnEntry(
        date(2027, 5, 3),
        1,
        "The first bell",
        "time",
        "",
        "The hallway is quiet on Mondays. Two aides stand there.",
    )
    low, high = (ScalePick("How rested are you?", value, 1, 5, "not at all", "fully") for value in (2, 4))
    letter = Letter(
        12, then.day, now.day, (ThenAndNow(then, now),), (ReturningWord("hallway", 5, then.day, now.day),),
        (ScaleMove(((then.day, low), (now.day, high))),),
    )  # fmt: skip
    return letter_card(letter), too_few_card(2), offer_card(_(OFFERS["year"]), "year/2026-08-20")
