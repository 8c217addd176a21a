"""The events of webhooks: what each is told of, in which version of its shape, and what it says, drawn when it is told.

Nothing here names a member, and the only words of members are those of a strategy that everybody may read. Nothing of it is
stored: a row of the outbox names the thing it is about, so what was erased or taken back meanwhile is not told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from bot.chat.language import N_
from bot.chat.parsing.button_values import read_number
from bot.courses.lessons.catalog import course_by_slug
from bot.courses.lessons.tables import progress
from bot.people.small_groups import MINIMUM
from bot.reflections.schedule.asked_prompts import AskedPrompt, find_asked_prompt
from bot.strategies.tables import find_strategy
from bot.team_plans.check_ins import tables as check_ins

DrawEvent = Callable[[Connection, int, str], Mapping[str, Any] | None]
"""What an event says: (connection, community id, what it is about). None: nobody may be told of it any more."""


@dataclass(frozen=True, slots=True)
class EventKind:
    """A kind of event. `version` grows when its shape changes in a way that a reader has to know; `about` is for admins."""

    name: str
    version: int
    about: str
    draw: DrawEvent


def draw_prompt(conn: Connection, community_id: int, about: str) -> Mapping[str, Any] | None:
    """A prompt in a place (`o57 local:home c1`)."""
    number, space, channel = about.split(" ", 2)
    here = find_asked_prompt(conn, community_id, read_number(number, "o"))
    if here is None:
        return None
    asked = [one.ask for one in here.prompt.questions]
    return {
        **_prompt(here), "questions": asked, "lesson": here.prompt.lesson, "tags": list(here.prompt.tags),
        "closes_at": here.closes_at.isoformat(), "space": space, "channel": channel,
    }  # fmt: skip


def draw_digest(conn: Connection, community_id: int, about: str) -> Mapping[str, Any] | None:
    """A digest in a place (`o57 local:home c1`): that it is there, and nothing of what it says."""
    number, space, channel = about.split(" ", 2)
    here = find_asked_prompt(conn, community_id, read_number(number, "o"))
    return None if here is None else {**_prompt(here), "space": space, "channel": channel}


def _prompt(here: AskedPrompt) -> dict[str, Any]:
    return {"prompt": f"p{here.prompt_id}", "occurrence": f"o{here.id}", "title": here.prompt.title}


def draw_lesson(conn: Connection, community_id: int, about: str) -> Mapping[str, Any] | None:
    """How many finished a lesson (`course/lesson 10`)."""
    name, count = about.split(" ", 1)
    slug, _, lesson = name.partition("/")
    listed = course_by_slug(conn, community_id, slug)
    found = (
        None if listed is None else next((one for one in listed.course.lessons if one.slug == lesson), None)
    )
    if listed is None or found is None:
        return None
    return {
        "course": slug, "course_title": listed.course.title, "lesson": lesson, "lesson_title": found.title,
        "finished_by": int(count),
    }  # fmt: skip


def count_finished(conn: Connection, community_id: int, name: str) -> int:
    """How many members have finished a lesson (`course/lesson`)."""
    slug, _, lesson = name.partition("/")
    listed = course_by_slug(conn, community_id, slug)
    if listed is None:
        return 0
    p = progress.c
    query = select(func.count(p.member_id.distinct())).where(
        p.community_id == community_id, p.course_id == listed.id, p.lesson == lesson, p.done_at.is_not(None)
    )
    return conn.execute(query).scalar_one()


def is_round(count: int) -> bool:
    """Whether a number of people may be told after the last one: two of them differ by a whole small group."""
    return count > 0 and count % MINIMUM == 0


def draw_strategy(conn: Connection, community_id: int, about: str) -> Mapping[str, Any] | None:
    """A strategy that everybody may read (`w3`), without its author's name."""
    one = find_strategy(conn, community_id, read_number(about, "w"))
    if one is None or not one.shown:
        return None
    return {
        "strategy": about, "what": one.text.what, "whom": one.text.whom, "happened": one.text.happened,
        "learned": one.text.learned, "tags": list(one.text.tag_list), "lesson": one.lesson or None,
    }  # fmt: skip


def draw_look(conn: Connection, _community_id: int, about: str) -> Mapping[str, Any] | None:
    """A look that a team is to take at its change (`17`): which team, by its number, and which look."""
    one = check_ins.find_check(conn, read_number(about))
    if one is None:
        return None
    return {"team": f"t{one.team_id}", "weeks": one.weeks, "day": one.day.isoformat()}


def draw_test(_conn: Connection, _community_id: int, _about: str) -> Mapping[str, Any]:
    """A test, which an admin asked for."""
    return {"message": "This is a test. Nothing happened."}


TEST = "webhook.test"
"""The event that an admin sends; every webhook is told of it."""
PROMPT, DIGEST, DISCUSSION = "prompt.posted", "digest.posted", "discussion.posted"
LESSON, STRATEGY, LOOK = "lesson.completed", "strategy.shared", "plan.look_due"


def list_kinds(discussion: DrawEvent | None) -> Mapping[str, EventKind]:
    """Every kind of event by its name, in the order in which they are offered; discussions where there are any."""
    found = [
        EventKind(PROMPT, 1, N_("A prompt was posted"), draw_prompt),
        EventKind(DIGEST, 1, N_("A digest was posted"), draw_digest),
        *(
            [EventKind(DISCUSSION, 1, N_("A discussion was posted"), discussion)]
            if discussion is not None
            else []
        ),
        EventKind(LESSON, 1, N_("Five more people finished a lesson"), draw_lesson),
        EventKind(STRATEGY, 1, N_("A strategy was shared with everyone"), draw_strategy),
        EventKind(LOOK, 1, N_("A team’s look at its change is due"), draw_look),
        EventKind(TEST, 1, "", draw_test),
    ]
    return {one.name: one for one in found}


def offered(kinds: Mapping[str, EventKind]) -> tuple[str, ...]:
    """What a webhook can be told of."""
    return tuple(name for name in kinds if name != TEST)
