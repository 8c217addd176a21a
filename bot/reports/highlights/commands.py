"""What moderators and authors press: look, ask, decide, show and take away; and `/report highlights`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Connection

from bot.alerts.place_probe import PlaceProbe
from bot.chat.cards import Card
from bot.chat.forms import FieldErrors, Form
from bot.chat.language import N_, _
from bot.chat.menu import Command
from bot.chat.models import Refusal, Role, StaleValue
from bot.chat.parsing.button_values import read_id, read_number
from bot.feature import (
    ButtonHandler,
    CommandHandler,
    DataSubject,
    FormHandler,
    Reads,
    Request,
    Writes,
    note_change,
)
from bot.people.accounts import name_of
from bot.people.reach import writable_account
from bot.reflections.answers.tables import find_readable_answer
from bot.reflections.schedule import asked_prompts
from bot.reports.highlights import cards, posts, tables
from bot.reports.highlights.candidates import has_thanks, list_candidates, may_ask
from bot.reports.highlights.cards import (
    ASK,
    BACK,
    DECIDE,
    LIST,
    LOOK,
    NAMED,
    NAMELESS,
    NO,
    POST,
    UNPOST,
    HighlightRow,
)
from bot.reports.highlights.tables import Consent, Highlight
from bot.reports.picked_channel import check_channel, picked_place
from bot.reports.waiting_list import moderators_of

LISTED = 4
"""Highlights on one page of the list."""


@dataclass(frozen=True, slots=True)
class HighlightCommands:
    """The commands, buttons and forms of highlights. `probe` knows where the bot may post."""

    probe: PlaceProbe

    def commands(self) -> Sequence[CommandHandler]:
        """`/report highlights`."""
        about = N_("Show everyone an answer, if its author agrees")
        command = Command("report", "highlights", about, role=Role.MODERATOR, label=N_("Answers to show"))
        return (CommandHandler(command, Reads(list_highlights)),)

    def buttons(self) -> Sequence[ButtonHandler]:
        """What can be pressed."""
        return (
            ButtonHandler(LOOK, Reads(show_candidate), Role.MODERATOR),
            ButtonHandler(ASK, Writes(ask_author), Role.MODERATOR),
            ButtonHandler(DECIDE, Writes(decide)),
            ButtonHandler(UNPOST, Writes(take_away), Role.MODERATOR),
            ButtonHandler(LIST, Reads(turn_list), Role.MODERATOR),
        )

    def forms(self) -> Sequence[FormHandler]:
        """Where to show it."""
        submit = Writes(submit_post, first=partial(check_channel, self.probe))
        return (FormHandler(POST, Reads(build_post), submit, Role.MODERATOR),)


def list_highlights(conn: Connection, request: Request) -> Card:
    """The answers that were asked about."""
    return _page(conn, request.community.id, 0)


def turn_list(conn: Connection, request: Request) -> Card:
    """A page of them, in the place of the one that is shown."""
    return replace(_page(conn, request.community.id, read_number(request.value)), replaces=True)


def _page(conn: Connection, community_id: int, page: int) -> Card:
    found = tables.highlights_page(conn, community_id, page * LISTED, LISTED + 1)
    rows = []
    for one in found[:LISTED]:
        answer = posts.standing_answer(conn, one)
        if answer is not None:
            rows.append(HighlightRow(one, answer, posts.prompt_of(conn, one)))
    return cards.list_card(rows, page, more=len(found) > LISTED)


def show_candidate(conn: Connection, request: Request) -> Card:
    """An answer that everyone might like to read; the value is which one."""
    at = read_number(request.value) if request.value else 0
    reader = moderators_of(request.community.id, request.member.id)
    found = list_candidates(conn, reader, request.now)
    if not found:
        return cards.no_choice_card()
    answer = found[at % len(found)]
    here = asked_prompts.find_asked_prompt(conn, request.community.id, answer.occurrence_id)
    following = (at + 1) % len(found) if len(found) > 1 else None
    return cards.choice_card(
        answer,
        "" if here is None else here.prompt.title,
        thanked=has_thanks(conn, answer.id),
        following=following,
    )


def ask_author(conn: Connection, request: Request) -> Card:
    """Ask the author in private; a second time is as good as once."""
    number, reader = read_id(request.value, "a"), moderators_of(request.community.id, request.member.id)
    answer = find_readable_answer(conn, reader, number)
    if answer is None or answer.member_id == request.member.id:
        raise Refusal(_("That answer is not shared with you."), _("`/report highlights` finds another one."))
    home = request.community.id
    if tables.of_answer(conn, answer.id) is not None:
        return cards.asked_card(answer.name, new=False)
    if not may_ask(conn, reader, answer.id, request.now):
        raise Refusal(
            _("Its author cannot be asked about this answer now."),
            _("`/report highlights` finds another one."),
        )
    if writable_account(conn, home, answer.member_id) is None:
        return cards.asked_card(answer.name, new=True, reached=False)
    made = tables.begin_highlight(
        conn, home, answer.occurrence_id, answer.id, answer.member_id, request.member.id, request.now
    )
    one = None if made is None else tables.find_highlight(conn, home, made)
    if one is None:
        return cards.asked_card(answer.name, new=False)
    posts.queue_question(conn, one, request.now)
    return cards.asked_card(answer.name, new=True)


def decide(conn: Connection, request: Request) -> Card:
    """What the author decides about their own answer; the last decision holds."""
    one = tables.find_highlight(conn, request.community.id, read_id(request.value, "h"))
    wish = request.value.partition("/")[2]
    if one is None or one.author_id != request.member.id or wish not in (NAMED, NAMELESS, NO, BACK):
        raise StaleValue
    if wish in (NAMED, NAMELESS):
        if posts.standing_answer(conn, one) is None:
            raise Refusal(_("Your answer is no longer shared."), _("`/reflect history` shows your answers."))
        if one.consent is Consent.AGREED and one.named == (wish == NAMED):
            return cards.decided_card(one)
        tables.decide(conn, one.id, Consent.AGREED, request.now, named=wish == NAMED)
        one = _again(conn, one)
        if one.key is None:
            posts.queue_yes(conn, one, request.now)
        else:
            posts.redraw(conn, one, request.now)
        return cards.decided_card(one)
    posts.take_down(conn, one, request.now)
    shown = one.consent in (Consent.AGREED, Consent.WITHDRAWN)
    tables.decide(conn, one.id, Consent.WITHDRAWN if shown else Consent.DECLINED, request.now)
    return cards.decided_card(_again(conn, one))


def _again(conn: Connection, one: Highlight) -> Highlight:
    """The same one as it is now."""
    return tables.find_highlight(conn, one.community_id, one.id) or one


def _agreed(conn: Connection, request: Request) -> Highlight:
    """The highlight of a form that may be shown."""
    one = tables.find_highlight(conn, request.community.id, read_id(request.value, "h"))
    if one is None or one.consent is not Consent.AGREED or posts.standing_answer(conn, one) is None:
        raise Refusal(_("Its author does not want it shown."), _("`/report highlights` finds another one."))
    return one


def build_post(conn: Connection, request: Request) -> Form | Card:
    """The form that asks for a channel; the prompt's own is filled in."""
    one = _agreed(conn, request)
    if one.key is not None:
        return list_highlights(conn, request)
    asked = asked_prompts.list_posts(conn, one.occurrence_id)
    mine = next((row.channel for row in asked if row.space == request.place.space), "")
    return cards.post_form(one, mine)


def submit_post(conn: Connection, request: Request) -> Card | FieldErrors:
    """Show it in the channel that was picked; twice is as good as once."""
    one = _agreed(conn, request)
    place = picked_place(request)
    if one.key is None:
        posts.queue_post(conn, one, place, request.now)
        note_change(
            conn, request, "showed an answer to everyone", f"h{one.id}", None, {"channel": place.channel}
        )
    return cards.posted_card()


def take_away(conn: Connection, request: Request) -> Card:
    """Show it no longer."""
    one = tables.find_highlight(conn, request.community.id, read_id(request.value, "h"))
    if one is None:
        raise StaleValue
    if posts.take_down(conn, one, request.now):
        note_change(conn, request, "took away a shown answer", f"h{one.id}", None, None)
    return list_highlights(conn, request)


# ── a person's data ───────────────────────────────────────────────────────────


def forget(conn: Connection, whose: DataSubject) -> None:
    """Remove what is shown of a member's answers, what they decided, and that they asked."""
    mine = tables.of_author(conn, whose.community.id, whose.member_id)
    for one in mine:
        posts.take_down(conn, one, whose.now)
        for kind in (posts.QUESTION, posts.YES):
            posts.cancel_direct(conn, one, kind)
    tables.drop_highlights(conn, [one.id for one in mine])
    tables.forget_asker(conn, whose.community.id, whose.member_id)


def hand_over(conn: Connection, whose: DataSubject) -> Mapping[str, list[dict[str, object]]]:
    """What a member was asked about, and what they decided."""
    rows: list[dict[str, object]] = [
        {
            "prompt": posts.prompt_of(conn, one), "asked at": one.asked_at.isoformat(), "you decided": one.consent.value,
            "with your name": one.named, "shown": one.key is not None,
            "asked by": "" if one.asker_id is None else name_of(conn, one.asker_id) or "",
        }
        for one in tables.of_author(conn, whose.community.id, whose.member_id)
    ]  # fmt: skip
    return {"answers to show everyone": rows} if rows else {}
