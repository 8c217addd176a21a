"""Reporting and hiding answers: members report, moderators hide and show again, authors hear of it.

A moderator may decide about an answer that they can read themselves, that somebody reported, or that is hidden already; not
about their own, and about none that its author keeps or took back. Reading what was not shared with moderators is on record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.chat.cards import Button, Buttons, Card, Markdown, say
from bot.chat.forms import Form
from bot.chat.language import N_, _
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Refusal, Role, Sharing
from bot.chat.parsing.button_values import read_id
from bot.feature import (
    ButtonHandler,
    CommandHandler,
    Completion,
    FormHandler,
    Reads,
    Request,
    Writes,
    note_change,
)
from bot.people.audience import Reader, Readers, SharedItem
from bot.people.languages import speaking_to, speaking_to_all
from bot.reflections.answers import tables as answers
from bot.reflections.answers.hiding_reasons import HidingReason
from bot.reflections.answers.intake import AnswerChanged
from bot.reflections.answers.tables import Answer
from bot.reflections.moderation import author_notice, cards, tables
from bot.reflections.moderation.cards import ModeratedAnswer
from bot.reflections.schedule import asked_prompts
from bot.reflections.schedule.asked_prompts import AskedPrompt

LISTED = 7
"""Answers on the list; with their buttons, more do not fit a card on every platform."""
MOST, DAY = 20, timedelta(days=1)
"""Answers that a member can report within a day."""
LEFT = N_("An answer was reported, and a moderator left it as it is.")
HIDDEN = N_("An answer was reported, and a moderator hid it.")


@dataclass(frozen=True, slots=True)
class AnswerModeration:
    """The commands, buttons and forms of reporting and hiding. `tell` is told what changed."""

    readers: Readers
    alerts: Alerts
    tell: Callable[[Connection, object], None]

    def commands(self) -> Sequence[CommandHandler]:
        """`/reflect report` and `/reflect hide`."""
        report = Option("answer", N_("Which answer"), OptionKind.ID, positional=True, letter="a")
        hide = replace(report, completes=True)
        return (
            CommandHandler(
                Command("reflect", "report", N_("Tell the moderators that something is wrong with an answer"), (report,), opens=True, label=N_("Report an answer")),
                Reads(self.build_report_form),
            ),
            CommandHandler(
                Command(
                    "reflect", "hide", N_("Hide an answer from everybody but its author"), (hide,),
                    role=Role.MODERATOR, opens=True, examples=("/reflect hide a12",), label=N_("Hide an answer"),
                ),
                Reads(self.build_hide_form),
            ),
        )  # fmt: skip

    def buttons(self) -> Sequence[ButtonHandler]:
        """The buttons with which moderators decide."""
        return (
            ButtonHandler("reflect.reported", Writes(self.show_answer), Role.MODERATOR),
            ButtonHandler("reflect.leave", Writes(self.leave_answer), Role.MODERATOR),
            ButtonHandler("reflect.unhide", Writes(self.unhide_answer), Role.MODERATOR),
        )

    def forms(self) -> Sequence[FormHandler]:
        """The forms that ask for a reason."""
        return (
            FormHandler("reflect.report", Reads(self.build_report_form), Writes(self.report_answer)),
            FormHandler(
                "reflect.hide", Reads(self.build_hide_form), Writes(self.hide_answer), Role.MODERATOR
            ),
        )

    def completions(self) -> Sequence[Completion]:
        """Reported and hidden answers while a moderator types."""
        return (Completion("reflect hide", "answer", self._choices),)

    def handles(self, _conn: Connection, request: Request, answer: Answer) -> Sequence[Button]:
        """The button under an answer that somebody reads."""
        state = f"a{answer.id}"
        if request.role >= Role.MODERATOR:
            return (Button(_("Hide"), opens="reflect.hide", value=state),)
        return (Button(_("Report"), opens="reflect.report", value=state),)

    # ── members ───────────────────────────────────────────────────────────────

    def build_report_form(self, conn: Connection, request: Request) -> Form | Card:
        """The form of a report; where no answer is named, how to get there."""
        number = _number(request)
        if number is None:
            words = _("Open the answer you want to report, and press **Report** under it.")
            return say(
                _("Report an answer"),
                Markdown(words),
                Buttons((Button(_("Read answers"), does="reflect.read"),)),
            )
        return cards.report_form(self._readable(conn, request, number)[0])

    def report_answer(self, conn: Connection, request: Request) -> Card:
        """Store a report, and tell moderators that there is one."""
        home, now = request.community.id, request.now
        answer, here = self._readable(conn, request, read_id(request.value))
        if tables.count_reports_since(conn, request.member.id, now - DAY) >= MOST:
            raise Refusal(
                _("You reported {most} answers today.", most=MOST), _("The moderators look at those first.")
            )
        reason = HidingReason(request.text("reason"))
        tables.add_report(conn, home, answer.id, request.member.id, reason, now)
        note_change(conn, request, "reported an answer", f"a{answer.id}", None, {"reason": reason.value})
        with speaking_to_all(conn, home):
            card = cards.alert_card(answer.id, here, reason)
        self.alerts.alert(conn, home, alert_key(answer.id), card, now)
        return cards.reported_card(here)

    def _readable(self, conn: Connection, request: Request, number: int) -> tuple[Answer, AskedPrompt]:
        """An answer of somebody else that the asker may read."""
        answer = answers.find_readable_answer(conn, self._reader(conn, request), number)
        if answer is None:
            raise Refusal(
                _("That answer is not shared with you."), _("`/reflect read` shows what you can read.")
            )
        if answer.member_id == request.member.id:
            raise Refusal(_("That is your own answer."), _("You can delete it: `/reflect history`."))
        return answer, _prompt_of(conn, request, answer)

    # ── moderators ────────────────────────────────────────────────────────────

    def build_hide_form(self, conn: Connection, request: Request) -> Form | Card:
        """The form that asks why; where no answer is named, those that are reported or hidden."""
        number = _number(request)
        if number is None:
            found = tables.list_moderated(conn, request.community.id, LISTED)
            return cards.list_card([self._moderated_answer(conn, request, one) for one in found])
        found_one = self._moderated(conn, request, number)
        reasons = [one.reason for one in found_one.reports]
        return cards.hide_form(found_one.answer, next(iter(reasons), None))

    def show_answer(self, conn: Connection, request: Request) -> Card:
        """A reported or hidden answer, to one moderator; on record where it was not shared with them."""
        found = self._moderated(conn, request, read_id(request.value))
        if not self._may_read(conn, request, found.answer):
            note_change(conn, request, "read a reported answer", f"a{found.answer.id}")
        return cards.answer_card(found)

    def hide_answer(self, conn: Connection, request: Request) -> Card:
        """Hide an answer, and tell its author why."""
        found = self._moderated(conn, request, read_id(request.value))
        answer, here, now = found.answer, found.here, request.now
        if answer.hidden is not None:
            raise Refusal(_("That answer is hidden already."), _("`/reflect hide` lists what is hidden."))
        reason = HidingReason(request.text("reason"))
        tables.hide_answer(conn, answer.id, reason, now)
        note_change(conn, request, "hid an answer", f"a{answer.id}", None, {"reason": reason.value})
        self.tell(conn, AnswerChanged(here.community_id, here.id))
        self._settle(conn, request, answer.id, HIDDEN)
        with speaking_to(conn, answer.member_id):
            card = cards.told_hidden_card(answer, here, reason)
        reached = author_notice.tell_hidden(conn, here.community_id, answer, card, now)
        return cards.hidden_card(answer, here, reached=reached)

    def leave_answer(self, conn: Connection, request: Request) -> Card:
        """Leave a reported answer as it is."""
        found = self._moderated(conn, request, read_id(request.value))
        if not found.reports:
            raise Refusal(
                _("Nobody is reporting that answer anymore."), _("`/reflect hide` lists what is reported.")
            )
        note_change(conn, request, "left a reported answer", f"a{found.answer.id}")
        self._settle(conn, request, found.answer.id, LEFT)
        return replace(cards.settled_card(_(LEFT)), replaces=True)

    def unhide_answer(self, conn: Connection, request: Request) -> Card:
        """Show a hidden answer again."""
        found = self._moderated(conn, request, read_id(request.value))
        answer, here = found.answer, found.here
        since = tables.hidden_since(conn, answer.id)
        if answer.hidden is None or since is None:
            raise Refusal(_("That answer is not hidden."), _("`/reflect hide` lists what is hidden."))
        tables.show_answer(conn, here.community_id, answer.id)
        before = {"reason": answer.hidden.value}
        note_change(conn, request, "showed an answer again", f"a{answer.id}", before, None)
        self.tell(conn, AnswerChanged(here.community_id, here.id))
        with speaking_to(conn, answer.member_id):
            card = cards.told_shown_card(here)
        author_notice.tell_shown(conn, here.community_id, answer, card, since, request.now)
        return replace(cards.shown_card(here), replaces=True)

    def _settle(self, conn: Connection, request: Request, answer_id: int, outcome: str) -> None:
        """The reports are decided: what moderators were told says so."""
        home = request.community.id
        if tables.settle_reports(conn, answer_id, request.now):
            with speaking_to_all(conn, home):
                card = cards.settled_card(_(outcome))
            self.alerts.resolve(conn, home, alert_key(answer_id), request.now, card)

    def _moderated(self, conn: Connection, request: Request, number: int) -> ModeratedAnswer:
        """An answer about which the asker may decide; any other is as good as not there."""
        answer = answers.find_answer(conn, request.community.id, number)
        there = (
            answer is not None and answer.parts and not answer.withdrawn and answer.sharing is not Sharing.ME
        )
        if answer is None or not there:
            raise Refusal(
                _("There is no such answer to decide about."), _("`/reflect hide` lists those there are.")
            )
        found = self._moderated_answer(conn, request, answer)
        if not (found.reports or answer.hidden is not None or self._may_read(conn, request, answer)):
            raise Refusal(
                _("There is no such answer to decide about."), _("`/reflect hide` lists those there are.")
            )
        if answer.member_id == request.member.id:
            raise Refusal(_("That is your own answer."), _("Another moderator decides about it."))
        return found

    @staticmethod
    def _moderated_answer(conn: Connection, request: Request, answer: Answer) -> ModeratedAnswer:
        here = _prompt_of(conn, request, answer)
        return ModeratedAnswer(answer, here, tables.open_reports(conn, answer.id))

    def _may_read(self, conn: Connection, request: Request, answer: Answer) -> bool:
        item = SharedItem(request.community.id, answer.member_id, answer.sharing, answer.hidden is not None)
        return self._reader(conn, request).may_read(item)

    def _reader(self, conn: Connection, request: Request) -> Reader:
        return self.readers.reader(conn, request.community.id, request.member.id, request.role)

    def _choices(self, conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
        found = tables.list_moderated(conn, request.community.id, LISTED)
        return ((f"a{one.id}", f"a{one.id} · {_prompt_of(conn, request, one).prompt.title}") for one in found)


def alert_key(answer_id: int) -> str:
    """The trouble that moderators are told of when an answer is reported."""
    return f"report:a{answer_id}"


def _number(request: Request) -> int | None:
    """The answer that a command names, or a button carries; None where neither does."""
    return request.number("answer") or (read_id(request.value) if request.value else None)


def _prompt_of(conn: Connection, request: Request, answer: Answer) -> AskedPrompt:
    here = asked_prompts.find_asked_prompt(conn, request.community.id, answer.occurrence_id)
    if here is None:
        raise LookupError("an answer refers to a prompt that is not there")
    return here
