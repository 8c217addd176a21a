"""The start of a cohort: nobody's first lesson comes before its day, and it is posted where the group talks."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.chat.cards import Card, ChannelLink, Heading, Markdown, Moment, Part, compose, say
from bot.chat.language import _
from bot.chat.models import Refusal
from bot.chat.time.days import Day, resolve_day
from bot.courses.cohorts.tables import Cohort, drop_cohort, find_cohort, put_cohort
from bot.courses.enrollment import tables
from bot.courses.enrollment.tables import Enrollment, EnrollmentRule
from bot.courses.holds.tables import LessonHold, put_hold
from bot.courses.lessons import catalog
from bot.courses.lessons.catalog import CatalogCourse
from bot.courses.lessons.release import forecast_releases, plan_enrollment
from bot.courses.lessons.tables import lesson_marks
from bot.delivery import outbox
from bot.delivery.facts import Draft, Failed
from bot.feature import Request
from bot.people.hours import community_hours
from bot.people.languages import speaking_to_all
from bot.schedules.recurrence import find_day_start

KIND = "cohort"


def read_start(conn: Connection, request: Request) -> date | None:
    """The day that a command names as the start; refuses a day that is over, and a place without a day."""
    given: Day | None = request.values.get("starts")  # type: ignore[assignment]
    if given is None:
        if request.text("place"):
            raise Refusal(_("When does the group start?"), _("Add a day, like starts:oct 12."), request.line)
        return None
    today = community_hours(conn, request.community.id, request.now).day_of(request.now)
    starts = resolve_day(given, today)
    if starts <= today:
        raise Refusal(_("That day is not ahead."), _("Name a later day, like starts:oct 12."), request.line)
    return starts


def plan_cohort(
    conn: Connection, request: Request, rule: EnrollmentRule, listed: CatalogCourse, starts: date
) -> None:
    """Let a group start on a day, whoever is in it now or comes later, and plan the post that says so."""
    channel = request.text("place") or None
    group = Cohort(rule.id, rule.community_id, starts, request.person.space if channel else None, channel)
    end_cohort(conn, rule.id)
    put_cohort(conn, group)
    for one in tables.enrollments_by_member(conn, rule).values():
        if one.source == f"rule:{rule.id}" and one.left_at is None:
            hold_first_lesson(conn, one, rule.id, listed)
            plan_enrollment(conn, one, request.now)
    if group.space is not None and channel is not None:
        at = _first_release(conn, listed, group, request.now)
        with speaking_to_all(conn, rule.community_id):
            card = start_card(listed)
        draft = Draft(
            community_id=rule.community_id, space=group.space, channel=channel, kind=KIND, key=group.key, card=card,
            not_before=at, ref=str(listed.id),
        )  # fmt: skip
        outbox.queue_draft(conn, draft, request.now)


def hold_first_lesson(conn: Connection, one: Enrollment, rule_id: int, listed: CatalogCourse) -> None:
    """Let the first lesson come to a member no earlier than their cohort starts."""
    group = find_cohort(conn, rule_id)
    if group is None or lesson_marks(conn, one.id):
        return
    first = listed.course.lessons[0].slug
    put_hold(
        conn, LessonHold(one.member_id, listed.id, first, f"cohort:{rule_id}", one.community_id, group.starts)
    )


def end_cohort(conn: Connection, rule_id: int) -> None:
    """Take back the post of a start that is still to come; the group is no cohort any more."""
    group = find_cohort(conn, rule_id)
    if group is not None:
        outbox.cancel_draft(conn, group.key)
        drop_cohort(conn, rule_id)


def describe_start(
    conn: Connection, rule: EnrollmentRule, listed: CatalogCourse, now: datetime
) -> tuple[Part, ...] | None:
    """When the group of a rule starts, and where it talks; None where no day was set."""
    group = find_cohort(conn, rule.id)
    if group is None:
        return None
    zone = str(community_hours(conn, rule.community_id, now).zone)
    at = Moment(_first_release(conn, listed, group, now), zone)
    if group.channel is None:
        return compose(_("They start together. The first lesson comes on {at}."), at=at)
    return compose(
        _("They start together. The first lesson comes on {at}. I say so in {channel} then."),
        at=at,
        channel=ChannelLink(group.channel),
    )


def _first_release(conn: Connection, listed: CatalogCourse, group: Cohort, now: datetime) -> datetime:
    """When the first lesson comes in the community's own zone."""
    hours = community_hours(conn, group.community_id, now)
    begin = find_day_start(group.starts, hours.zone)
    return forecast_releases(listed.course, group.starts, hours, begin)[0] or begin


def start_card(listed: CatalogCourse) -> Card:
    """What is posted where a cohort talks, on the day it starts."""
    title = _("{course} starts today", course=listed.course.title)
    words = _(
        "Your group starts **{course}** today. The first lesson, **{lesson}**, comes to each of you in a direct message. Talk "
        "about it here.",
        course=listed.course.title,
        lesson=listed.course.lessons[0].title,
    )
    return say(title, Heading(title), Markdown(words))


def failed_card(course: str, channel: str) -> Card:
    """To moderators: the start of a cohort could not be posted."""
    title = _("The start of {course} was not posted", course=course)
    words = compose(
        _(
            "I could not post in {channel} that **{course}** starts. The lessons still arrive. Please tell "
            "the group yourself."
        ),
        channel=ChannelLink(channel),
        course=course,
    )
    return say(title, Markdown(words))


def follow_failure(conn: Connection, alerts: Alerts, fact: Failed, now: datetime) -> None:
    """Tell moderators that the start of a cohort could not be posted."""
    if fact.kind != KIND:
        return
    listed = catalog.find_course(conn, fact.community_id, int(fact.ref))
    if listed is not None:
        with speaking_to_all(conn, fact.community_id):
            alerts.alert(
                conn, fact.community_id, fact.key, failed_card(listed.course.title, fact.place.channel), now
            )
