"""A prompt's card in a member's own direct message after they did something: it says so, and what they can do now."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, exists, select

from bot.chat.cards import Button, Buttons, Card, Heading, Markdown, compose, say
from bot.chat.language import _
from bot.chat.menu_cards import RUN
from bot.people import accounts
from bot.people import tables as people
from bot.people.languages import speaking_to, speaking_to_all
from bot.reflections.answers.tables import IS_GIVEN, answer
from bot.reflections.cards import EDIT, answer_buttons, closed_card, question_blocks
from bot.reflections.closing_times import closing_moment
from bot.reflections.schedule import posts
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.reflections.schedule.skips import skip

OPEN: Final = "open:"
ANSWERED: Final = "answered"
SKIPPED: Final = "skipped"
CLOSED: Final = "closed:"
"""What a member's own card of a prompt says."""


def find_own_state(conn: Connection, here: AskedPrompt, member_id: int) -> str:
    """What the card of a prompt has to say to a member; of an anonymous answer nobody knows whose it is."""
    if here.closed:
        return CLOSED
    mine = (answer.c.occurrence_id == here.id) & (answer.c.member_id == member_id)
    passed = (skip.c.occurrence_id == here.id) & (skip.c.member_id == member_id)
    answered, skipped = conn.execute(select(exists().where(mine, IS_GIVEN), exists().where(passed))).one()
    return ANSWERED if answered else SKIPPED if skipped else OPEN


def draw_own_card(conn: Connection, here: AskedPrompt, member_id: int) -> Card:
    """The card of a prompt as it is true for a member now."""
    zone = accounts.zone_of(conn, member_id) or people.community_by_id(conn, here.community_id).zone
    state, language = find_own_state(conn, here, member_id), here.prompt.language
    if state == OPEN:
        return posts.member_card(conn, here, member_id, zone)
    # A deck of one language frames its prompts in it.
    with speaking_to_all(conn, here.community_id, language) if language else speaking_to(conn, member_id):
        if state == CLOSED:
            return closed_card(here.prompt, "")
        return skipped_card(here, zone) if state == SKIPPED else answered_card(here, zone)


def answered_card(here: AskedPrompt, zone: str) -> Card:
    """To whoever has answered: how to change it; what takes a tap is changed by tapping again."""
    told = _("You answered. You can change your answer until {when}.")
    edit = Button(_(EDIT), opens="reflect.answer", value=f"o{here.id}", style="main")
    mine = Button(_("My answers"), does=RUN, value="reflect history")
    return say(
        here.prompt.title,
        Heading(here.prompt.title),
        *question_blocks(here.id, here.prompt, one_by_one=True),
        Markdown(compose(told, when=closing_moment(here.prompt, here.closes_at, zone))),
        Buttons((edit, mine)),
    )


def skipped_card(here: AskedPrompt, zone: str) -> Card:
    """To whoever let a prompt pass: they may still answer."""
    told = _("You skipped this prompt. You can still answer until {when}.")
    *ways, _skip = answer_buttons(here.id, anonymous=here.anonymous).buttons
    return say(
        here.prompt.title,
        Heading(here.prompt.title),
        *question_blocks(here.id, here.prompt, one_by_one=True),
        Markdown(compose(told, when=closing_moment(here.prompt, here.closes_at, zone))),
        Buttons(tuple(ways)),
    )


def examples() -> tuple[Card, ...]:
    """Every card of this module."""
    from bot.reflections.examples import ASKED  # examples only

    return (answered_card(ASKED, "America/Chicago"), skipped_card(ASKED, "America/Chicago"))
