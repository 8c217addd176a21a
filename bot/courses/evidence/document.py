"""Evidence of a finished course: lessons with dates, chosen reflections, and the community's signature."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.cards import Block, Button, Buttons, Card, Facts, File, Heading, Markdown, Note, say
from bot.chat.forms import Choices, Form, Hint, ShortText
from bot.chat.language import N_, _, current_locale, format_day
from bot.chat.menu import Command
from bot.chat.short_text import shorten
from bot.courses.evidence import badge
from bot.courses.evidence.credential import can_sign_badges
from bot.courses.evidence.signature import Seal
from bot.courses.lessons import resolve
from bot.courses.lessons.course_views import COURSE
from bot.courses.lessons.resolve import EnrolledCourse
from bot.courses.lessons.tables import LessonMark
from bot.courses.offers import takes_course
from bot.courses.quizzes.evidence import add_scores, score_words
from bot.feature import CommandHandler, DataSubject, FormHandler, Reads, Request
from bot.intents.substance import says_something
from bot.people.accounts import accounts_of
from bot.store.secret import DatabaseSecret

CHOSEN = 10
"""Reflections to choose from, the newest: what a form can offer."""
LABEL = 70
"""Characters of one of them in the form."""


@dataclass(frozen=True, slots=True)
class Reflection:
    """Something a member wrote that they may show. `id` is how a form names it."""

    id: str
    about: str
    text: str
    at: datetime


Reflections = Callable[[Connection, DataSubject], Sequence[Reflection]]
"""What a member wrote in other rooms, newest first."""


@dataclass(frozen=True, slots=True)
class EvidenceCommands:
    """Handlers that make evidence, for the member alone.

    `secret` is what the community's key is derived from; `reflections` are what members wrote in other rooms.
    """

    secret: DatabaseSecret
    reflections: Reflections

    def evidence_form(self, conn: Connection, request: Request) -> Form:
        """The form that asks for the name and the reflections to be on it."""
        row = resolve.finished_course(conn, request)
        written = self._written(conn, request, row)
        hint = _(
            "Evidence that you finished “{course}”, as a page and as data, for you alone.",
            course=row.listed.course.title,
        )
        fields: list[Any] = [
            Hint(hint),
            ShortText("name", _("The name on it"), value=request.member.name, limit=80),
        ]
        if written:
            options = tuple((one.id, _label(one)) for one in written)
            fields.append(Choices("shown", _("Reflections to show on it"), options, required=False))
        return Form(
            "course.evidence",
            _("Evidence of completion"),
            tuple(fields),
            row.listed.name,
            submit=_("Make it"),
        )

    def make_evidence(self, conn: Connection, request: Request) -> Card:
        """The sealed file, made within the read."""
        given = request.values.get("shown") or ()
        wanted = {str(one) for one in given} if isinstance(given, tuple) else set()
        row = resolve.finished_course(conn, request)
        shown = [one for one in self._written(conn, request, row) if one.id in wanted]
        seal = Seal(self.secret, request.community.slug)
        return evidence_card(
            row,
            seal.close(evidence_files(add_scores(conn, row, describe_completion(request, row, shown)))),
            seal.fingerprint,
        )

    def _written(self, conn: Connection, request: Request, row: EnrolledCourse) -> list[Reflection]:
        """The notes of this course, then what was written elsewhere."""
        notes = [
            Reflection(f"n{station.mark.id}", station.lesson.title, station.mark.note, station.mark.done_at)
            for station in row.stations
            if station.mark is not None and station.mark.note and station.mark.done_at is not None
        ]
        accounts = tuple(accounts_of(conn, request.community.id, request.member.id))
        whose = DataSubject(request.community, request.member.id, accounts, request.now)
        return [*notes, *self.reflections(conn, whose)][:CHOSEN]

    def commands(self) -> tuple[CommandHandler, ...]:
        """The command for evidence."""
        command = Command(
            "course",
            "evidence",
            N_("Evidence that you finished a course"),
            (COURSE,),
            opens=True,
            label=N_("Evidence of completion"),
        )
        return (CommandHandler(command, Reads(self.evidence_form), takes_course),)

    def forms(self) -> tuple[FormHandler, ...]:
        """The form of evidence."""
        return (FormHandler("course.evidence", Reads(self.evidence_form), Reads(self.make_evidence)),)


def _label(one: Reflection) -> str:
    return shorten(f"{one.about}: {' '.join(one.text.split())}", LABEL)


def describe_completion(request: Request, row: EnrolledCourse, shown: Sequence[Reflection]) -> dict[str, Any]:
    """What is said in evidence, as plain data; days are in the member's own zone."""
    zone = ZoneInfo(request.member.zone)
    lessons = [
        {
            "title": station.lesson.title,
            "purpose": station.lesson.purpose,
            "done on": station.mark.done_at.astimezone(zone).date().isoformat(),
            "how": station.mark.how,
            "finished by": say_how(station.mark),
        }
        for station in row.stations
        if station.mark is not None and station.mark.done_at is not None
    ]
    return {
        "name": request.text("name") or request.member.name,
        "community": request.community.name,
        "course": row.listed.course.title,
        "about": row.listed.course.about,
        "lessons": lessons,
        "reflections": [
            {"about": one.about, "text": one.text, "on": one.at.astimezone(zone).date().isoformat()}
            for one in shown
        ],
        "made on": request.now.astimezone(zone).date().isoformat(),
    }


def say_how(mark: LessonMark) -> str:
    """How a lesson was finished, in words for whoever is shown the evidence."""
    match mark.how:
        case "reflection":
            return _("an answer to the lesson's question")
        case "plan":
            return _("what they wrote into the team plan")
        case "team":
            return _("their team's plan, and their own word")
        case "import" | "webhook":
            return _("a report from where the course is hosted")
    if says_something(mark.note or ""):
        return _("their own word, with a line about what they did")
    return _("their own word")


def evidence_files(document: dict[str, Any]) -> dict[str, bytes]:
    """The two files of evidence."""
    data = json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"
    return {"evidence.json": data, "evidence.html": evidence_page(document).encode()}


def _say_day(iso: str) -> str:
    """A day of the data as a reader says it."""
    return format_day(date.fromisoformat(iso))


def evidence_page(document: dict[str, Any]) -> str:
    """Evidence as a page that needs nothing else, for a screen in the light or the dark, and for paper."""
    rows = "".join(
        f"<tr><td>{escape(one['title'])}<br><small>{escape(one['purpose'])}{score_words(one)}</small></td>"
        f"<td>{escape(_say_day(one['done on']))}</td><td>{escape(one['finished by'])}</td></tr>"
        for one in document["lessons"]
    )
    said = "".join(
        f"<figure><figcaption>{escape(one['about'])}, {escape(_say_day(one['on']))}</figcaption>"
        f"<blockquote>{escape(one['text'])}</blockquote></figure>"
        for one in document["reflections"]
    )
    community, command = escape(document["community"]), "<code>tilth verify FILE --key KEY</code>"
    heads = "".join(f"<th>{escape(one)}</th>" for one in (_("Lesson"), _("Done on"), _("Finished by")))
    return _PAGE.format(
        language=current_locale().replace("_", "-"), heads=heads, rows=rows,
        title=escape(f"{document['name']}: {document['course']}"), name=escape(document["name"]),
        finished=_("finished {course}.", course=f"<strong>{escape(document['course'])}</strong>"),
        about=escape(document["about"]), said=f"<h2>{_('In their own words')}</h2>{said}" if said else "",
        made=_("Made by {community} on {day}.", community=community, day=escape(_say_day(document["made on"]))),
        counts=_("It says how each lesson was finished. It counts no hours, because Tilth does not know them."),
        sealed=_(
            "The file this page came in is sealed. Anybody who gets it can ask {community} for its key. Then "
            "{command} tells whether it comes from there and whether anything in it was changed.",
            community=community, command=command,
        ),
    )  # fmt: skip


_PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1.1rem/1.5 Georgia, serif; max-width: 42rem; margin: 3rem auto; padding: 0 1rem }}
table {{ border-collapse: collapse; width: 100% }}
td, th {{ text-align: left; vertical-align: top; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid #8a9097 }}
blockquote {{ margin: .25rem 0 1.5rem; padding-left: 1rem; border-left: 4px solid #8a9097; white-space: pre-wrap }}
figure {{ margin: 0 }} small, figcaption, footer {{ opacity: .8 }}
</style></head><body><main>
<h1>{name}</h1>
<p>{finished} {about}</p>
<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>
{said}
</main><footer><p>{made} {counts} {sealed}</p></footer>
</body></html>
"""


def evidence_card(row: EnrolledCourse, data: bytes, fingerprint: str) -> Card:
    """Evidence, handed to the member, with the way to a badge where badges can be made."""
    more: list[Block] = []
    if can_sign_badges():
        button = Button(_("Get it as an Open Badge"), opens="course.badge", value=row.listed.name)
        more.append(Buttons((button,)))
    return say(
        _("Evidence: {course}", course=row.listed.course.title),
        Heading(row.listed.course.title),
        Markdown(
            _(
                "Here it is, as a page and as data in one file. It is yours: nobody else gets it unless you "
                "give it to them."
            )
        ),
        File(f"evidence-{row.listed.course.slug}.zip", data, _("Evidence of completion, sealed")),
        Facts(((_("Key of the community"), fingerprint),)),
        *more,
        Note(
            _(
                "Anybody you give it to can check it offline: `tilth verify FILE --key KEY`, with the key "
                "they asked the community for."
            )
        ),
    )


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    from bot.courses.examples import COURSE as LISTED  # examples only
    from bot.courses.examples import ONE, STATIONS

    row = EnrolledCourse(ONE, LISTED, STATIONS)
    return (evidence_card(row, b"PK", "0f3a 9c1d 22b0 7e41 5d6c 88aa 1b2e f009"), *badge.examples())
