"""`/report worth`: how many people found each prompt and lesson worth their time, as far as that is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.chat.cards import Card, Facts, Heading, Markdown, Note, say
from bot.chat.language import N_, _, format_list, ngettext
from bot.chat.menu import Command
from bot.chat.models import Role
from bot.chat.parsing.button_values import read_number
from bot.courses.lessons.catalog import courses_by_id
from bot.feature import CommandHandler, Reads, Request
from bot.people.small_groups import MINIMUM
from bot.ratings.tables import Rating, RatingTotal, list_totals
from bot.reflections.prompts.bank import find_prompt

SHOWN = 15
"""Prompts and lessons that one card shows."""


@dataclass(frozen=True, slots=True)
class RatedThing:
    """A prompt or lesson by its title, and how many people said what."""

    title: str
    total: RatingTotal


def commands() -> Sequence[CommandHandler]:
    """What moderators can ask for."""
    worth = Command("report", "worth", N_("Which prompts and lessons people found worth their time"), role=Role.MODERATOR, label=N_("Worth the time"))  # fmt: skip
    return (CommandHandler(worth, Reads(show_worth)),)


def show_worth(conn: Connection, request: Request) -> Card:
    """What was counted last."""
    home = request.community.id
    found = list_totals(conn, home, SHOWN)
    return worth_card([RatedThing(title, one) for one in found if (title := _title(conn, home, one.thing))])


def _title(conn: Connection, community_id: int, thing: str) -> str:
    """The title of a prompt or lesson; "" where it is none any more."""
    head, slash, lesson = thing.partition("/")
    if not slash:
        banked = find_prompt(conn, community_id, read_number(head, "p"))
        return "" if banked is None else banked.prompt.title
    course_id = read_number(head, "c")
    course = courses_by_id(conn, community_id, [course_id]).get(course_id)
    lessons = () if course is None else course.course.lessons
    return next((one.title for one in lessons if one.slug == lesson), "")


def worth_card(found: Sequence[RatedThing]) -> Card:
    """What people said, the last counted first."""
    title = _("Worth the time?")
    note = Note(
        _(
            "After an answer or a lesson some people are asked whether it was worth their time. What they say is counted at "
            "least {fewest} together, and then nobody can tell who said it.",
            fewest=MINIMUM,
        )
    )
    if not found:
        nothing = _("Nothing is counted yet. Numbers come when at least {fewest} people have said something about one prompt or lesson.", fewest=MINIMUM)  # fmt: skip
        return say(title, Heading(title), Markdown(nothing), note)
    rows = tuple((one.title, _said(one.total)) for one in found)
    return say(title, Heading(title), Facts(rows), note)


def _said(total: RatingTotal) -> str:
    """`12 people: 9 yes, 2 so-so, 1 no`"""
    people = ngettext("{count} person", "{count} people", total.people)
    yes, so_so, no = (total.counts[one] for one in (Rating.YES, Rating.SO_SO, Rating.NO))
    said = (
        _("{count} yes", count=yes) if yes else "",
        _("{count} so-so", count=so_so) if so_so else "",
        _("{count} no", count=no) if no else "",
    )
    return _("{people}: {counts}", people=people, counts=format_list([one for one in said if one]))
