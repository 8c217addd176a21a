"""`/course badge`: a finished course as an Open Badge 3.0, for the member alone, who sees first what it will say."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.cards import Card, Facts, File, Heading, Markdown, Note, say
from bot.chat.forms import Form, Hint, ShortText
from bot.chat.language import N_, _, current_locale, format_day, format_list, known_language, speaking
from bot.chat.menu import Command
from bot.chat.models import Refusal
from bot.courses.evidence.credential import BadgeFacts, BadgeSigner, can_sign_badges
from bot.courses.lessons import resolve
from bot.courses.lessons.course_views import COURSE
from bot.courses.lessons.resolve import EnrolledCourse
from bot.courses.offers import takes_course
from bot.feature import CommandHandler, FormHandler, Reads, Request
from bot.store.secret import DatabaseSecret


@dataclass(frozen=True, slots=True)
class BadgeCommands:
    """Handlers that make badges. `secret` is what the key of each community is derived from."""

    secret: DatabaseSecret

    def badge_form(self, conn: Connection, request: Request) -> Form:
        """The form that shows what the badge will say, and asks for the name on it."""
        _require_library(request)
        row = resolve.finished_course(conn, request)
        fields = (
            Hint(preview_text(describe_badge(request, row))),
            ShortText("name", _("The name on it"), value=request.member.name, limit=80),
        )
        return Form("course.badge", _("Open Badge"), fields, row.listed.name, submit=_("Make it"))

    def make_badge(self, conn: Connection, request: Request) -> Card:
        """The signed badge, made within the read and stored nowhere."""
        _require_library(request)
        row = resolve.finished_course(conn, request)
        facts = describe_badge(request, row)
        signer = BadgeSigner(self.secret, request.community.slug)
        return badge_card(facts, signer.sign(facts, request.now), signer.issuer)

    def commands(self) -> tuple[CommandHandler, ...]:
        """The command for a badge."""
        command = Command(
            "course",
            "badge",
            N_("An Open Badge for a course you finished"),
            (COURSE,),
            opens=True,
            label=N_("Open Badge"),
        )
        return (CommandHandler(command, Reads(self.badge_form), takes_course),)

    def forms(self) -> tuple[FormHandler, ...]:
        """The form of a badge."""
        return (FormHandler("course.badge", Reads(self.badge_form), Reads(self.make_badge)),)


def _require_library(request: Request) -> None:
    if not can_sign_badges():
        raise Refusal(
            _("Open Badges are not set up here."),
            _("Your Tilth admin can add them: install `tilth-bot[badges]`."),
            request.line,
        )


def describe_badge(request: Request, row: EnrolledCourse) -> BadgeFacts:
    """What a badge says: the day in the member's own zone, the criteria in the language of the course."""
    course, done_at = row.listed.course, row.one.done_at
    if done_at is None:
        raise ValueError("a badge of a course that is not finished")
    with speaking(known_language(course.language) or current_locale()):
        titles = format_list([one.lesson.title for one in row.stations])
        criteria = _("Whoever has this badge finished every lesson of the course: {lessons}.", lessons=titles)
    return BadgeFacts(
        name=request.text("name") or request.member.name,
        issuer=request.community.name,
        course=course.slug,
        title=course.title,
        about=course.about,
        criteria=criteria,
        day=done_at.astimezone(ZoneInfo(request.member.zone)).date(),
        zone=request.member.zone,
    )


# ── cards ─────────────────────────────────────────────────────────────────────


def _facts(facts: BadgeFacts) -> tuple[tuple[str, str], ...]:
    return (
        (_("Course"), facts.title),
        (_("About the course"), facts.about or facts.title),
        (_("Finished on"), format_day(facts.day)),
        (_("Issued by"), facts.issuer),
        (_("Criteria"), facts.criteria),
    )


def preview_text(facts: BadgeFacts) -> str:
    """What the badge will say, to be read before it is made."""
    lines = [f"- {label}: {value}" for label, value in _facts(facts)]
    return "\n".join(
        [
            _("Other platforms and wallets can take this badge and check it. Beside the name below it says:"),
            *lines,
            _("Nothing else of you is in it: no answers, no hours, no email address. Only you get it."),
        ]
    )


def badge_card(facts: BadgeFacts, data: bytes, issuer: str) -> Card:
    """A badge, handed to the member."""
    return say(
        _("Open Badge: {course}", course=facts.title),
        Heading(facts.title),
        Markdown(_("Here is your badge. It is yours: nobody else gets it unless you give it to them.")),
        File(f"badge-{facts.course}.json", data, _("Open Badge 3.0, signed")),
        Facts(((_("Name"), facts.name), *_facts(facts), (_("Key of the community"), issuer))),
        Note(
            _(
                "Upload the file to a wallet or a platform that takes Open Badges 3.0. Anybody can check that it "
                "was signed with this key. Whether the key is the community's own, only the community can say."
            )
        ),
    )


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    from datetime import date  # examples only

    facts = BadgeFacts(
        name="Ada Quinn", issuer="Home", course="common-ground", title="Common ground", about="Two small lessons.",
        criteria="Whoever has this badge finished every lesson of the course: An hour and A question.",
        day=date(2026, 10, 20), zone="America/Chicago",
    )  # fmt: skip
    return (badge_card(facts, b"{}", "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"),)
