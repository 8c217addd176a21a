"""`/find attendance`: a line, a form or a button is read, and answered with a page of what its reader may read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import cast

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.forms import FieldErrors, Form
from bot.chat.language import LANGUAGES, N_, OWN_NAMES, _, ngettext
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.time.days import Day, past_day
from bot.feature import ButtonHandler, CommandHandler, Completion, FormHandler, Reads, Request
from bot.finder import cards
from bot.finder.cards import Found
from bot.finder.state import Wanted, clean_tag, clean_words, read_state
from bot.people.audience import Reader, Readers
from bot.search.hits import SearchFilters, SearchHit, find_hits, rank_hits
from bot.search.queries import SearchQuery, read_query
from bot.search.searchable import Searchable
from bot.search.snippets import cut_snippet
from bot.search.tables import list_lessons, list_tags

PAGE = 4
"""Results on a page; with the buttons of each, more do not fit a card on every platform."""
OFFERED = 10
"""Lessons and tags that a form offers."""
SINCE = (30, 90, 365)
"""Days that a form offers to look back."""

LessonTitles = Callable[[Connection, int], dict[str, tuple[str, str]]]
"""(`1.2`, its title) of each lesson of a community, by `course/lesson`."""


@dataclass(frozen=True, slots=True)
class FindCommands:
    """Finds what others shared. `kinds` are the kinds of things there are to find."""

    readers: Readers
    kinds: Callable[[], Sequence[Searchable]]
    lesson_titles: LessonTitles

    def commands(self) -> Sequence[CommandHandler]:
        """`/find`."""
        find = Command(
            "find", "", N_("Find strategies and shared answers by words"),
            (
                Option("words", N_("What you are looking for, like attendance"), OptionKind.NAME, positional=True),
                Option("lesson", N_("Only of one lesson"), OptionKind.ID, letter="c.", completes=True),
                Option("tag", N_("Only with this tag")),
                Option("since", N_("Only from this day on"), OptionKind.DAY),
                Option(
                    "language", N_("Only in this language"), OptionKind.CHOICE, choices=LANGUAGES,
                    labels=tuple(OWN_NAMES[one] for one in LANGUAGES),
                ),
            ),
            opens=True, examples=("/find attendance", "/find quiet students since:2026-09-01"), label=N_("Find"), common=True, under="reflect",
        )  # fmt: skip
        return (CommandHandler(find, Reads(self.find)),)

    def buttons(self) -> Sequence[ButtonHandler]:
        """Another page."""
        return (ButtonHandler(cards.PAGE, Reads(self.turn_page)),)

    def forms(self) -> Sequence[FormHandler]:
        """The search as a form."""
        return (FormHandler(cards.FORM, Reads(self.build_form), Reads(self.submit_form)),)

    def completions(self) -> Sequence[Completion]:
        """Lessons of which there is something to find."""
        return (Completion("find", "lesson", self._lesson_choices),)

    # ── the ways to ask ───────────────────────────────────────────────────────

    def find(self, conn: Connection, request: Request) -> Card | Form:
        """What a line asks for; the form where it has no words."""
        said = request.text("words")
        day = request.values.get("since")
        wanted = Wanted(
            clean_words(said), request.text("lesson"), clean_tag(request.text("tag")), request.text("language"),
            past_day(cast("Day", day), request.community.day_of(request.now)) if day is not None else None,
        )  # fmt: skip
        if not said:
            return self._form(conn, request, wanted)
        return self._results(conn, request, wanted)

    def turn_page(self, conn: Connection, request: Request) -> Card:
        """Another page of the same search."""
        return replace(self._results(conn, request, read_state(request.value)), replaces=True)

    def build_form(self, conn: Connection, request: Request) -> Form:
        """The form, filled with what was looked for."""
        return self._form(conn, request, read_state(request.value) if request.value else Wanted(""))

    def submit_form(self, conn: Connection, request: Request) -> Card | FieldErrors:
        """What the form asks for."""
        words = clean_words(request.text("words"))
        if not words:
            return FieldErrors({"words": _("Write a word for what it is about, like attendance.")})
        wanted = Wanted(
            words, request.text("lesson"), clean_tag(request.text("tag")), request.text("language"),
            _first_day(request.text("since"), request.community.day_of(request.now)),
        )  # fmt: skip
        return self._results(conn, request, wanted)

    # ── the answer ────────────────────────────────────────────────────────────

    def _results(self, conn: Connection, request: Request, wanted: Wanted) -> Card:
        if not wanted.words:
            return cards.too_common_card()
        home, lessons = request.community, {}
        if wanted.lesson:
            lessons = self.lesson_titles(conn, home.id)
        said = cards.filters_text(wanted, [(number, title) for number, title in lessons.values()])
        reader = self.readers.reader(conn, home.id, request.member.id, request.role)
        asked = _Asked(
            reader, read_query(conn, wanted.words), wanted, {one.kind: one for one in self.kinds()}
        )
        keys = {number: key for key, (number, _title) in lessons.items()}
        found = asked.list_hits(conn, home.zone, keys)
        page = asked.list_page(conn, found)
        if not page:
            return cards.nothing_card(wanted, said)
        more = len(found) > (wanted.page + 1) * PAGE
        return cards.results_card(wanted, said, page, len(found), home.zone, more=more)

    def _form(self, conn: Connection, request: Request, wanted: Wanted) -> Form:
        """The form with every filter that holds now, whatever else it offers; it is asked for again at submission."""
        home = request.community.id
        lessons = list(self._lessons(conn, home).values())[:OFFERED]
        if wanted.lesson and wanted.lesson not in dict(lessons):
            titles = dict(self.lesson_titles(conn, home).values())
            named = (wanted.lesson, titles.get(wanted.lesson, f"c{wanted.lesson}"))
            lessons = [named, *lessons][:OFFERED]
        since = [(str(days), ngettext("The last day", "The last {count} days", days)) for days in SINCE]
        if wanted.since is not None:
            since.append((wanted.since.isoformat(), cards.filters_text(Wanted("", since=wanted.since), ())))
        tags = list_tags(conn, home, OFFERED)
        if wanted.tag and wanted.tag not in tags:
            tags = [wanted.tag, *tags][:OFFERED]
        return cards.search_form(wanted, lessons, tags, since)

    def _lessons(self, conn: Connection, community_id: int) -> dict[str, tuple[str, str]]:
        """The lessons of which there is something to find, in their order."""
        known, found = self.lesson_titles(conn, community_id), list_lessons(conn, community_id)
        return {key: one for key, one in known.items() if key in found}

    def _lesson_choices(self, conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
        return ((f"c{number}", title) for number, title in self._lessons(conn, request.community.id).values())


@dataclass(frozen=True, slots=True)
class _Asked:
    """What one reader looks for, read once, among which kinds of things."""

    reader: Reader
    query: SearchQuery
    wanted: Wanted
    kinds: Mapping[str, Searchable]

    def list_hits(self, conn: Connection, zone: str, keys: Mapping[str, str]) -> list[SearchHit]:
        """Everything that fits, strategies first; of a lesson that is not there nothing does."""
        wanted = self.wanted
        if wanted.lesson and wanted.lesson not in keys:
            return []
        filters = SearchFilters(
            keys.get(wanted.lesson, ""), wanted.tag, wanted.language, wanted.starts_at(zone)
        )
        readable = {kind: one.readable for kind, one in self.kinds.items()}
        hits = find_hits(conn, self.reader, self.query, readable, filters)
        return rank_hits(hits, {kind: one.rank for kind, one in self.kinds.items()})

    def list_page(self, conn: Connection, hits: Sequence[SearchHit]) -> list[Found]:
        """The things on one page, as the reader sees them."""
        stems = {stem for one in self.query.meanings for phrase, _worth in one.phrases for stem in phrase}
        shown, last = hits[self.wanted.page * PAGE : (self.wanted.page + 1) * PAGE], ""
        page: list[Found] = []
        known = {
            (kind, one.ref): one
            for kind in dict.fromkeys(hit.kind for hit in shown)
            for one in self.kinds[kind].show(
                conn, self.reader, [hit.ref for hit in shown if hit.kind == kind]
            )
        }
        for hit in shown:
            one = known.get((hit.kind, hit.ref))
            if one is not None:
                heading = _(self.kinds[hit.kind].heading) if hit.kind != last else ""
                page.append(Found(one, cut_snippet(one.text, stems), heading))
                last = hit.kind
        return page


def _first_day(since: str, today: date) -> date | None:
    """The day that a form says: so many days before today, or a date."""
    if not since:
        return None
    return today - timedelta(days=int(since)) if since.isdecimal() else date.fromisoformat(since)
