"""The cards of an export: how far it is, its files, and what became of one that is not there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from bot.chat.cards import (
    Block,
    Button,
    Buttons,
    Card,
    File,
    Heading,
    Markdown,
    Moment,
    Note,
    Progress,
    compose,
    say,
)
from bot.chat.language import N_, _, format_number, ngettext
from bot.exports.tables import ExportJob, ExportState

FORM, SEE, STOP, GET = "report.export", "report.export.see", "report.export.stop", "report.export.get"
"""The form, and the buttons of an export."""
BUTTONS_IN_A_ROW = 5
ENDED = {
    ExportState.STOPPED: N_("You stopped this export. Nothing was sent, and nothing of it is left."),
    ExportState.BROKEN: N_(
        "This export ended before it was done. Nothing was sent, and nothing of it is left."
    ),
    ExportState.OUTDATED: N_(
        "Since this export was made, somebody changed what moderators may read. Its files are deleted."
    ),
}
"""What became of an export that has no files."""


def file_name(day: date, part: int, parts: int) -> str:
    """The name of a file: `tilth-export-2026-11-29.zip`, or with the number of its part."""
    return f"tilth-export-{day.isoformat()}{f'-part{part}' if parts > 1 else ''}.zip"


def files_card(files: Sequence[tuple[str, bytes]], answers: int) -> Card:
    """The files themselves, for whoever asked alone."""
    title = _("Your export")
    count = ngettext(
        "It has {number} answer.", "It has {number} answers.", answers, number=format_number(answers)
    )
    about = _(
        "In the zip file: answers, prompts, anonymous answers, course progress, and a codebook that explains every column."
    )
    return say(
        title, Heading(title), Markdown(f"{count} {about}"), *(File(name, data, title) for name, data in files),
        Note(
            _(
                "Only you can see this. It holds people’s own words: keep it safe, and delete it when you are done. What "
                "somebody takes back later is not taken out of your file."
            )
        ),
    )  # fmt: skip


def going_card(job: ExportJob) -> Card:
    """How far an export is, with the way to stop it."""
    title = _("Your export is being made")
    so_far = _(
        "{done} of {total} answers are in it.", done=format_number(job.done), total=format_number(job.total)
    )
    buttons = (
        Button(_("See how far it is"), does=SEE, value=f"e{job.id}"),
        Button(_("Stop it"), does=STOP, value=f"e{job.id}"),
    )
    return say(
        title, Heading(title), Markdown(so_far), Progress(title, min(job.done, job.total), max(job.total, 1)),
        Markdown(_("I write to you when it is ready.")), Buttons(buttons),
    )  # fmt: skip


def ready_card(job: ExportJob, zone: str) -> Card:
    """A finished export, with a button for each of its files."""
    title = _("Your export is ready")
    answers = ngettext(
        "It has {number} answer.", "It has {number} answers.", job.done, number=format_number(job.done)
    )
    until = compose(_("You can get it until {until}."), until=Moment(job.until, zone))
    return say(title, Heading(title), Markdown(answers), Markdown(until), *_get_buttons(job))


def _get_buttons(job: ExportJob) -> tuple[Block, ...]:
    if job.parts == 1:
        return (Buttons((Button(_("Get the file"), does=GET, value=f"e{job.id}/1", style="main"),)),)
    every = [
        Button(_("Get part {part} of {parts}", part=part, parts=job.parts), does=GET, value=f"e{job.id}/{part}")
        for part in range(1, job.parts + 1)
    ]  # fmt: skip
    rows = range(0, len(every), BUTTONS_IN_A_ROW)
    return tuple(Buttons(tuple(every[at : at + BUTTONS_IN_A_ROW])) for at in rows)


def ended_card(state: ExportState) -> Card:
    """An export that has no files, with the way to a new one."""
    title = _("There is no file")
    again = Buttons((Button(_("Export again"), opens=FORM),))
    return say(title, Heading(title), Markdown(_(ENDED[state])), again)


def gone_card() -> Card:
    """An export that nobody knows any more."""
    title = _("That export is no longer here")
    again = Buttons((Button(_("Export again"), opens=FORM),))
    return say(title, Heading(title), Markdown(_("Exports are deleted after 12 hours.")), again)


def job_card(job: ExportJob, zone: str) -> Card:
    """An export as it is now."""
    if job.state is ExportState.READY:
        return ready_card(job, zone)
    return ended_card(job.state) if job.state in ENDED else going_card(job)


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    at = datetime(2026, 11, 29, 10, 0, tzinfo=UTC)
    job = ExportJob(5, 1, 4, "local:x", "mo", {}, ExportState.RUNNING, 12000, 40000, 0, None, "me", at, at)
    ready = ExportJob(5, 1, 4, "local:x", "mo", {}, ExportState.READY, 40000, 40000, 2, None, "me", at, at)
    return (
        going_card(job), ready_card(ready, "America/Chicago"), files_card([(file_name(at.date(), 1, 1), b"PK")], 120),
        *(ended_card(state) for state in ENDED), gone_card(),
    )  # fmt: skip
