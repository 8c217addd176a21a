"""The cards of `/find`: what was found, a page of it, and what to do when nothing was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from bot.chat.cards import Block, Button, Buttons, Card, Heading, Markdown, Moment, Note, Quote, compose, say
from bot.chat.forms import Choice, Form, ShortText
from bot.chat.language import LANGUAGES, OWN_NAMES, _, format_day, ngettext
from bot.chat.literal_text import literal_markdown
from bot.finder.state import Wanted
from bot.search.searchable import Finding

FORM, PAGE = "find.form", "find.page"
ASKED = 200
"""Characters that somebody may write."""
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Found:
    """One thing on a page: what it is called, and the piece of its text with the words; `heading` begins a new kind."""

    finding: Finding
    snippet: str
    heading: str = ""


def results_card(
    wanted: Wanted, filters: str, page: Sequence[Found], total: int, zone: str, *, more: bool
) -> Card:
    """A page of what was found."""
    title = _("Results for “{words}”", words=wanted.words)
    count = ngettext("{count} result you can read.", "{count} results you can read.", total)
    blocks: list[Block] = [Heading(title), Note(_join(count, filters))]
    for one in page:
        blocks += _found_blocks(one, zone)
    turns = [
        *(
            (Button(_("Back"), does=PAGE, value=wanted.at_page(wanted.page - 1).state),)
            if wanted.page
            else ()
        ),
        *(
            (Button(_("More results"), does=PAGE, value=wanted.at_page(wanted.page + 1).state),)
            if more
            else ()
        ),
        Button(_("Change the search"), opens=FORM, value=wanted.at_page(0).state),
    ]
    return Card(title, (*blocks, Buttons(tuple(turns))))


def _found_blocks(one: Found, zone: str) -> tuple[Block, ...]:
    finding = one.finding
    when = compose(_("{day} · {about}"), day=Moment(finding.at, zone, "date"), about=finding.about)
    return (
        *((Markdown(f"**{one.heading}**"),) if one.heading else ()),
        *((Markdown(f"**{literal_markdown(finding.title)}**"),) if finding.title else ()),
        Quote(one.snippet, by=finding.by or None),
        Note(when),
        *((Buttons(finding.buttons),) if finding.buttons else ()),
    )


def nothing_card(wanted: Wanted, filters: str) -> Card:
    """Nothing was found that this reader may read."""
    title = _("Nothing found for “{words}”", words=wanted.words)
    buttons = [Button(_("Change the search"), opens=FORM, value=wanted.at_page(0).state)]
    help_text = _("Try one word, or another word for the same thing.")
    if wanted.narrowed:
        buttons.insert(0, Button(_("Search everything"), does=PAGE, value=Wanted(wanted.words).state))
        help_text = _("You can search everything, or change the search.")
    notes = (Note(filters),) if filters else ()
    return Card(title, (Heading(title), Markdown(help_text), *notes, Buttons(tuple(buttons))))


def too_common_card() -> Card:
    """Only words were given that say nothing of what it is about."""
    return say(
        _("Which word is it about?"),
        Markdown(_("Those words are in too many texts. Add what it is about, like **attendance** or **exit tickets**.")),
        Buttons((Button(_("Change the search"), opens=FORM),)),
    )  # fmt: skip


def filters_text(wanted: Wanted, lessons: Pairs) -> str:
    """The filters that hold, in words; empty without any."""
    said = []
    if wanted.lesson:
        said.append(_("Lesson: {lesson}.", lesson=dict(lessons).get(wanted.lesson, f"c{wanted.lesson}")))
    if wanted.tag:
        said.append(_("Tag: {tag}.", tag=wanted.tag))
    if wanted.language:
        said.append(_("Language: {language}.", language=OWN_NAMES[wanted.language]))
    if wanted.since:
        said.append(_("Since {day}.", day=format_day(wanted.since)))
    return " ".join(said)


def search_form(wanted: Wanted, lessons: Pairs, tags: Sequence[str], since: Pairs) -> Form:
    """What to look for, and the filters there are."""
    fields: list[ShortText | Choice] = [
        ShortText("words", _("What are you looking for?"), _("Like attendance, or quiet students."), value=wanted.words, limit=ASKED)
    ]  # fmt: skip
    if lessons:
        fields.append(_choice("lesson", _("Lesson"), lessons, wanted.lesson))
    if tags:
        fields.append(_choice("tag", _("Tag"), [(one, one) for one in tags], wanted.tag))
    day = wanted.since.isoformat() if wanted.since else ""
    fields.append(_choice("since", _("Since when"), since, day))
    fields.append(
        _choice("language", _("Language"), [(one, OWN_NAMES[one]) for one in LANGUAGES], wanted.language)
    )
    state = "" if wanted == Wanted("") else wanted.at_page(0).state
    return Form(FORM, _("Find strategies and answers"), tuple(fields), state, submit=_("Search"))


def _choice(name: str, label: str, options: Pairs, value: str) -> Choice:
    known = value if value in dict(options) else ""
    return Choice(name, label, tuple(options), required=False, value=known)


def _join(*texts: str) -> str:
    return " ".join(filter(None, texts))


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    at = datetime(2026, 10, 12, 9, tzinfo=UTC)
    text = "Called every home where a student missed two days. Attendance went up the week after."
    buttons = (Button(_("Read it all"), does="reflect.whole", value="a301"),)
    one = Finding(301, text, "Cleo Marsh", at, "One person · shared with everyone", buttons)
    named = Finding(
        7, text, "Ada Quinn", at, "Ninth grade · 3 people tried it", buttons, "Same-day call home"
    )
    page = (Found(named, text, "Strategies"), Found(one, text, "Shared answers"), Found(one, f"… {text}"))
    wanted = Wanted("attendance", "1.2", "families", "en", date(2026, 9, 1), 1)
    lessons = (("1.2", "Prepare your soil"),)
    return (
        results_card(Wanted("attendance"), "", page, 3, "Europe/Dublin", more=False),
        results_card(wanted, filters_text(wanted, lessons), page, 41, "Europe/Dublin", more=True),
        nothing_card(Wanted("volcano"), ""),
        nothing_card(wanted, filters_text(wanted, lessons)),
        too_common_card(),
    )
