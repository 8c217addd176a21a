"""`/course enroll`: moderators enroll whole groups in a course."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from bot.chat.cards import Button, Buttons, Card, Facts, Heading, Markdown, Note, compose, say
from bot.chat.language import N_, _, ngettext
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Refusal, Role
from bot.chat.parsing.button_values import read_id
from bot.courses.cohorts.starts import describe_start, end_cohort, plan_cohort, read_start
from bot.courses.enrollment import tables
from bot.courses.enrollment.groups import enroll_first, group_name, group_sizes
from bot.courses.lessons import catalog, resolve
from bot.courses.lessons.course_views import COURSE
from bot.courses.teams import tables as teams_tables
from bot.courses.teams.resolve import named_team
from bot.feature import ButtonHandler, CommandHandler, Completion, Request, Writes, note_change
from bot.people.tables import visibility_of

UNLISTED = N_("I see only people who have done something here; the others are enrolled as soon as they do.")
SHOWN = 10
"""Groups that a refusal names."""


def enroll_group(conn: Connection, request: Request) -> Card:
    """Let a group take a course from now on; without a group, show which groups do."""
    listed = resolve.named_offer(conn, request)
    found = _group(conn, request)
    if found is None:
        return _rules_card(conn, request)
    if listed is None:
        known = ", ".join(one.name for one in catalog.offered_courses(conn, request.community.id))
        courses = _("Courses: {known}.", known=known) if known else _("There is no course yet.")
        raise Refusal(_("Which course?"), courses, request.line)
    kind, value = found
    starts = read_start(conn, request)
    one = tables.add_rule(conn, request.community.id, listed.id, kind, value, request.now, request.member.id)
    note_change(conn, request, "enrolled a group", listed.name, None, {kind: value})
    if starts is not None:
        plan_cohort(conn, request, one, listed, starts)
    return _enrolled_card(conn, request, one, listed, enroll_first(conn, one, request.now))


def _enrolled_card(
    conn: Connection, request: Request, one: tables.EnrollmentRule, listed: catalog.CatalogCourse, count: int
) -> Card:
    """The answer to enrolling a group: how many it is, when they start, and how it ends."""
    listed_here = one.kind == "team" or visibility_of(conn, request.person.space).people
    unlisted = () if listed_here else (Note(_(UNLISTED)),)
    return say(
        _("A group is enrolled in {course}", course=listed.course.title),
        Markdown(
            compose(
                ngettext(
                    "{{group}} takes **{{course}}** from now on: {count} person.",
                    "{{group}} takes **{{course}}** from now on: {count} people.",
                    count,
                ),
                group=group_name(conn, one),
                course=listed.course.title,
            )
        ),
        *_start_blocks(conn, one, listed, request.now),
        Markdown(
            _(
                "People who join the group later are enrolled too. People who leave the group leave the "
                "course."
            )
        ),
        Buttons((Button(_("Undo"), does="course.unenroll", value=f"i{one.id}", style="danger"),)),
        *unlisted,
        Note(_("Everybody can pause or leave the course. People who leave are not enrolled again.")),
    )


def _start_blocks(
    conn: Connection, one: tables.EnrollmentRule, listed: catalog.CatalogCourse, now: datetime
) -> tuple[Markdown, ...]:
    """When the group starts together, where a day was set."""
    words = describe_start(conn, one, listed, now)
    return () if words is None else (Markdown(words),)


def _group(conn: Connection, request: Request) -> tuple[str, str] | None:
    """(kind, value) of the one group the command names; None when it names none."""
    given = [name for name in ("team", "group", "channel") if request.text(name)]
    if len(given) > 1:
        raise Refusal(_("Name one group at a time."), _("team:, group: or channel:"), request.line)
    if not given:
        return None
    space = request.person.space
    if given[0] == "team":
        return "team", str(named_team(conn, request, request.text("team")).id)
    if given[0] == "channel":
        return "channel", f"{space}/{request.text('channel')}"
    sizes = group_sizes(conn, request.community.id, space)
    if request.text("group") not in sizes:
        some = ", ".join(sorted(sizes)[:SHOWN])
        seen = (
            _("Groups and roles: {some}.", some=some) if some else _("I have not seen any group or role yet.")
        )
        raise Refusal(_("I have not seen anybody in that group."), seen, request.line)
    return "fact", f"{space}/{request.text('group')}"


def _rules_card(conn: Connection, request: Request) -> Card:
    """The groups that are enrolled, each with a button that ends it."""
    rules = tables.enrollment_rules(conn, request.community.id)
    listed = catalog.courses_by_id(conn, request.community.id, [one.course_id for one in rules])
    if not rules:
        words = _("No group is enrolled. `/course enroll c1 team:North` enrolls one.")
        return say(_("No group is enrolled"), Markdown(words))
    rows = tuple(
        (f"{number}. {listed[one.course_id].course.title}", group_name(conn, one))
        for number, one in enumerate(rules, 1)
    )
    ends = tuple(
        Button(_("End {number}", number=number), does="course.unenroll", value=f"i{one.id}")
        for number, one in enumerate(rules[:5], 1)
    )
    return say(_("Enrolled groups"), Heading(_("Enrolled groups")), Facts(rows), Buttons(ends))


def unenroll_group(conn: Connection, request: Request) -> Card:
    """End the enrollment of a group; its members go on by themselves."""
    number = read_id(request.value, "i")
    for one in tables.enrollment_rules(conn, request.community.id):
        if one.id == number:
            note_change(conn, request, "unenrolled a group", f"c{one.course_id}", {one.kind: one.value}, None)
            end_cohort(conn, one.id)
    tables.end_rule(conn, request.community.id, number)
    words = _("The rule is removed. Nobody else is enrolled. People who already take the course go on.")
    return say(_("The rule is removed"), Markdown(words))


# ── the menu ──────────────────────────────────────────────────────────────────

COMMANDS = (
    CommandHandler(
        Command(
            "course", "enroll", N_("Enroll a group in a course, with everybody who joins it later"),
            (
                COURSE,
                Option("team", N_("A team"), OptionKind.NAME, completes=True),
                Option("group", N_("A role or group of the platform"), completes=True),
                Option("channel", N_("Everybody in a channel"), OptionKind.CHANNEL),
                Option("starts", N_("The day on which they start together"), OptionKind.DAY),
                Option("place", N_("Where they talk about it; I say there that it starts"), OptionKind.CHANNEL),
            ),
            role=Role.MODERATOR,
            examples=("/course enroll c1 team:North", "/course enroll c1 channel:#staffroom", "/course enroll c1 team:North starts:oct 12 place:#staffroom"),
            formerly=("enrol",), label=N_("Enroll a group"),
        ),
        Writes(enroll_group),
    ),
)  # fmt: skip

BUTTONS = (ButtonHandler("course.unenroll", Writes(unenroll_group), Role.MODERATOR),)


def _complete_group(conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
    sizes = group_sizes(conn, request.community.id, request.person.space)
    return ((fact, f"{fact} ({count})") for fact, count in sorted(sizes.items()))


def _complete_team(conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
    return ((one.name, f"{one.name} ({one.size})") for one in teams_tables.teams(conn, request.community.id))


COMPLETIONS = (
    Completion("course enroll", "group", _complete_group),
    Completion("course enroll", "team", _complete_team),
    Completion("course extend", "team", _complete_team),
)
