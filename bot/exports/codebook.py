"""The codebook of an export: each column of each table in words, in the language of whoever asked for it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.chat.language import N_, _
from bot.exports.records import TABLES, Record

CODEBOOK = ("table", "column", "meaning", "values")
_DAY, _FLAG = N_("A day, year first"), N_("yes or no")
MEANINGS: dict[str, tuple[str, str]] = {
    "answer": (
        N_("A made-up name for the answer. It is the same in every export of this community."),
        N_("answer- and 12 letters and digits"),
    ),
    "person": (
        N_("A made-up name for whoever answered. It is the same in every export, until the community’s secret changes."),
        N_("person- and 12 letters and digits"),
    ),
    "asked": (N_("Which time the prompt was asked"), N_("o and a number")),
    "prompt": (N_("Which prompt it is"), N_("p and a number")),
    "asked_on": (N_("When the prompt was posted"), _DAY),
    "closes_on": (N_("When the prompt closes or closed"), _DAY),
    "title": (N_("The title of the prompt, as it was then"), N_("Words")),
    "theme": (N_("The theme of the prompt"), N_("Words")),
    "lesson": (N_("The lesson it belongs to"), N_("The short names of course and lesson, or nothing")),
    "question_number": (
        N_("Which question of the prompt"), N_("1, 2 or 3; nothing where a message answers none in particular")
    ),
    "question": (N_("The question, as it was then"), N_("Words")),
    "kind": (N_("How the question is answered"), N_("text, scale, choice or yes_no")),
    "how_answered": (N_("What there is to choose from"), N_("The ends of the scale, or the options in their order")),
    "value": (
        N_("What was picked"),
        N_("A number on a scale; for a choice the number of the option, beginning with 0; yes or no; nothing for text"),
    ),
    "value_words": (N_("What was picked, in words"), N_("Words")),
    "words": (
        N_("What the person wrote, or their reason for what they picked"),
        N_("Words, as they were written. In CSV, a ' stands before what a spreadsheet would run."),
    ),
    "answered_on": (N_("When it was written"), _DAY),
    "late": (N_("Whether it came after the prompt had closed"), _FLAG),
    "moderators_may_read": (N_("Whether its author lets moderators read it. No other answer is in this file."), _FLAG),
    "everyone_may_read": (
        N_("Whether its author lets everyone in the community read it. Ask the author before you show it to others."),
        _FLAG,
    ),
    "agreed_to_highlight": (
        N_("Whether its author lets moderators show it to everyone as a highlight"),
        N_("yes, with name, or no; no also where nobody asked, or where the author took it back"),
    ),
    "answered_in_time": (
        N_("How many had answered when the prompt closed"), N_("A number; nothing while it is open, or where too few answered to tell it")
    ),
    "course": (N_("The short name of the course"), N_("Words")),
    "course_title": (N_("The title of the course"), N_("Words")),
    "lesson_number": (N_("Which lesson of the course"), N_("1 is the first")),
    "lesson_title": (N_("The title of the lesson"), N_("Words")),
    "state": (
        N_("How far this person is with the lesson. Only those who let moderators see it are here."),
        N_("not started, started or done"),
    ),
    "done_on": (N_("When the lesson was done"), _DAY),
}  # fmt: skip
"""What each column means, and what stands in it."""


def codebook_records() -> Iterator[Record]:
    """One record for each column."""
    for table, columns in TABLES.items():
        for column in columns:
            meaning, values = MEANINGS[column]
            yield {"table": table, "column": column, "meaning": _(meaning), "values": _(values)}
