"""What one feature uses of another, joined here so that neither imports the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists

from bot.admin.setup_facts import SetupMeans
from bot.chat.cards import Button
from bot.chat.language import _
from bot.chat.parsing.button_values import read_number
from bot.courses.evidence.document import CHOSEN, Reflection
from bot.courses.lessons.catalog import offered_courses
from bot.courses.lessons.tables import has_finished
from bot.courses.progress_import.endpoints import Hook
from bot.feature import DataSubject, Request
from bot.intents.substance import says_something
from bot.people.accounts import name_of
from bot.people.audience import Reader
from bot.people.chosen import ChosenSettings
from bot.reflections.answers import history_page
from bot.reflections.answers.search_entries import IS_FOUND
from bot.reflections.answers.tables import Answer, answer, find_readable_answer
from bot.reflections.answers.turnout import has_answered_prompt
from bot.reflections.schedule import asked_prompts
from bot.settings.model import Settings
from bot.strategies.cards import WRITE
from bot.strategies.sources import StrategySource
from bot.strategies.tables import LIMITS, StrategyText
from bot.strategies.tries import try_buttons
from bot.strategies.try_tables import ANSWER
from bot.team_plans.access import own_plan
from bot.team_plans.lessons_learned import lesson_of
from bot.webhooks.addresses import AddressRules

MOST_ANSWERS = 1000
"""Answers of a member that are looked at for their weeks, the newest first."""


def answers_for_evidence(conn: Connection, whose: DataSubject) -> list[Reflection]:
    """What a member answered to prompts, newest first, for evidence of a course they finished."""
    found = history_page.list_own_answers(conn, whose.community.id, whose.member_id, offset=0, limit=CHOSEN)
    return [
        Reflection(f"a{one.id}", here.prompt.title, one.text, one.first_at)
        for one in found
        if (here := asked_prompts.find_asked_prompt(conn, whose.community.id, one.occurrence_id)) is not None
    ]


def setup_means(settings: Settings, chosen: ChosenSettings) -> SetupMeans:
    """What `/tilth setup` needs of the settings."""

    homes = settings.all_communities()
    usual = type(settings.roles).model_fields["moderators"].default
    return SetupMeans(
        chosen,
        {one.slug: frozenset(one.model_fields_set) for one in homes},
        {one.slug: one.danger_text for one in homes},
        settings.roles.moderators != usual,
    )  # fmt: skip


def answer_times(conn: Connection, community_id: int, member_id: int) -> list[datetime]:
    """When a member answered prompts, for the count of their own weeks."""
    found = history_page.list_own_answers(conn, community_id, member_id, offset=0, limit=MOST_ANSWERS)
    return [one.first_at for one in found]


def lesson_titles(conn: Connection, community_id: int) -> dict[str, tuple[str, str]]:
    """(`1.2`, its title) of each lesson that can be taken, by `course/lesson`, in their order."""
    return {
        f"{one.course.slug}/{lesson.slug}": (f"{one.id}.{place}", lesson.title)
        for one in offered_courses(conn, community_id)
        for place, lesson in enumerate(one.course.lessons, 1)
    }


def has_done_thing(conn: Connection, member_id: int, thing: str) -> bool:
    """Whether a member answered a prompt (`p12`) or finished a lesson (`c1/lesson`), and so may say what it was worth."""
    head, slash, lesson = thing.partition("/")
    if slash:
        return has_finished(conn, member_id, read_number(head, "c"), lesson)
    return has_answered_prompt(conn, member_id, read_number(head, "p"))


def answer_as_source(conn: Connection, reader: Reader, answer_id: int) -> StrategySource | None:
    """An answer that a reader may read, as the words of a strategy."""
    found = find_readable_answer(conn, reader, answer_id)
    if found is None:
        return None
    here = asked_prompts.find_asked_prompt(conn, reader.community_id, found.occurrence_id)
    lesson = (here.prompt.lesson or "") if here is not None else ""
    tags = ", ".join(here.prompt.tags[:3]) if here is not None else ""
    text = StrategyText("", found.words[: LIMITS["happened"]], tags=tags[: LIMITS["tags"]])
    return StrategySource(f"a{found.id}", found.member_id, found.name, text, lesson)


def is_shared_answer(number: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the answer with this number is shared with somebody else: a condition for a query."""
    return exists().where(answer.c.id == number, IS_FOUND)


def tried_buttons(
    conn: Connection, reader: Reader, answers: Sequence[Answer]
) -> dict[int, tuple[Button, ...]]:
    """The buttons under each of some shared answers for whoever tries what it tells, by its id."""
    found = try_buttons(conn, reader, ANSWER, {one.id: one.member_id for one in answers})
    return {one.id: (*found[one.id], *_save_button(one)) for one in answers}


def _save_button(one: Answer) -> tuple[Button, ...]:
    save = Button(_("Save as a strategy"), opens=WRITE, value=f"a{one.id}")
    return (save,) if says_something(one.words) else ()


def look_as_source(conn: Connection, request: Request, name: str) -> StrategySource | None:
    """What a team learned at the last look at a change (`t1/e5`), as the words of a strategy; for its team alone."""
    plan = own_plan(conn, replace(request, value=name.partition("/")[0]))
    look = plan.find(read_number(name.partition("/")[2], "e"))
    learned = lesson_of(plan, look) if look is not None else None
    if look is None or learned is None or look.author_id is None:
        return None
    author = name_of(conn, look.author_id)
    if author is None:
        return None
    text = StrategyText(
        learned.change[: LIMITS["what"]],
        learned.result[: LIMITS["happened"]],
        learned=learned.learned[: LIMITS["learned"]],
    )
    return StrategySource(name, look.author_id, author, text)


def webhook_rules(settings: Settings) -> AddressRules:
    """Which addresses webhooks may go to."""
    return AddressRules(settings.webhooks.private, settings.webhooks.plain_http)


def course_hooks(settings: Settings) -> dict[str, Hook]:
    """The places where courses are hosted, by the name that is in their address."""
    first = settings.community.slug
    return {
        name: Hook(one.secret.get_secret_value(), one.community or first)
        for name, one in settings.courses.hooks.items()
    }
