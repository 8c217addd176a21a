"""The reminder policy: one decision for all features, so that together they never become a nuisance.

The rules, in the order in which they are applied:
- who said stop, or wants no reminders or no direct messages, hears nothing;
- nobody is reminded twice for one reason and period, whatever restarts or clocks do;
- a series (a course, the prompts) backs off and ends by itself: once, a week later, two weeks later, never again
  until the member does something;
- no sentence is said twice within a month, and none twice for one reason: when all were said, that is final;
- "later" is later;
- at most `cap` reminders in any seven days, over all features, and 20 hours between two;
- within the budget of everything that is said unasked (`budget.py`);
- only on working days, in working hours or those the member chose; and what cannot be said within two hours is not
  said at all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from bot.chat.cards import Button, Buttons, Card, Note, Words
from bot.chat.language import _, ngettext
from bot.delivery import outbox
from bot.delivery.facts import Draft, Failed, Verb
from bot.people import preferences
from bot.people.accounts import reachable_account
from bot.people.hours import hours_of
from bot.people.languages import speaking_to
from bot.people.preferences import Reminders
from bot.reminders import tables
from bot.reminders.budget import next_turn

KIND = "reminder"
WEEK = timedelta(days=7)
APART = timedelta(hours=20)
GRACE = timedelta(hours=2)
LATER = timedelta(days=3)
LADDER = (timedelta(), timedelta(days=7), timedelta(days=14))
"""How long to wait before the first, second and last reminder of a series, counted from the one before."""
MONTH = timedelta(days=31)
"""No sentence is said twice to a member within this time."""
MOMENT = timedelta(seconds=1)
LOOK_AGAIN = timedelta(hours=24)
"""The latest moment to look again: calendars change, and nobody tells."""


@dataclass(frozen=True, slots=True)
class ReminderRequest:
    """A feature's request to remind somebody. `reason` with `period` is what is never said twice.

    `series` is what the ladder counts; only reminders after `since`, the member's last sign of life in it, do. `why`
    makes a sentence that begins with "You get this because", and is true of this member; empty where the sentences say
    it themselves. `sentences` are the ways to say
    it, of which the policy chooses one; `card` makes the card, in the member's language as `why`. After `until` it would be pointless. The buttons every
    reminder has are added to those of the card.
    """

    community_id: int
    member_id: int
    series: str
    reason: str
    period: str
    since: datetime
    why: Callable[[], Words]
    sentences: Sequence[str]
    card: Callable[[Wording], Card]
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wording:
    """What the policy has a reminder say: the `sentence`, and whether it is the last of its reason or series."""

    sentence: str
    ends_reason: bool = False
    ends_series: bool = False


@dataclass(frozen=True, slots=True)
class ReminderDecision:
    """The answer to a request: the reminder's `id`, or `why` not, and when to ask `again` (None: never)."""

    id: int | None = None
    why: str = ""
    again: datetime | None = None


class ReminderPolicy:
    """Decides and queues reminders. `cap` is how many a member gets in any seven days."""

    def __init__(self, cap: int = 2) -> None:
        self.cap = cap

    def remind(self, conn: Connection, wish: ReminderRequest, now: datetime) -> ReminderDecision:
        """Queue a reminder, or say why not. In the transaction of whoever asks, so that it is decided once."""
        wishes = preferences.preferences_of(conn, wish.member_id)
        if wishes.stopped or wishes.reminders is Reminders.OFF:
            return ReminderDecision(why="no reminders wanted")
        if not wishes.direct:
            return ReminderDecision(why="no direct messages wanted")
        if tables.is_reminded(conn, wish.member_id, wish.reason, wish.period):
            return ReminderDecision(why="reminded for this already", again=now + LOOK_AGAIN)
        light = wishes.reminders is Reminders.LIGHT
        since = max(wish.since, wishes.resumed_at or wish.since)
        taken = tables.reminders_since(conn, wish.member_id, wish.series, since)
        steps = 1 if light else len(LADDER)
        wording = _choose_wording(conn, wish, now, ends_series=len(taken) + 1 >= steps)
        if len(taken) >= steps or wording is None:
            return ReminderDecision(why="left alone")
        cap = 1 if light else self.cap
        recent = tables.reminders_around(conn, wish.member_id, now, WEEK)
        wait = self._wait(conn, wish, taken, recent, cap, now)
        hours = hours_of(conn, wish.community_id, wish.member_id, now)
        free = hours.free_from(max(now, wait))
        if free is None or free > now:
            soon = now + LOOK_AGAIN
            return ReminderDecision(why="not now", again=soon if free is None else min(free, soon))
        to = reachable_account(conn, wish.community_id, wish.member_id)
        if to is None:
            return ReminderDecision(why="nowhere to write to", again=now + LOOK_AGAIN)
        expires = now + hours.free_for(now, GRACE)
        expires = expires if wish.until is None else min(expires, wish.until)
        if expires <= now + MOMENT:
            return ReminderDecision(why="too late", again=now + LOOK_AGAIN)
        return self._queue(conn, wish, to, wording, cap, now, expires)

    @staticmethod
    def _wait(
        conn: Connection,
        wish: ReminderRequest,
        taken: Sequence[datetime],
        recent: Sequence[datetime],
        cap: int,
        now: datetime,
    ) -> datetime:
        """The earliest instant that the ladder, "later", the cap and the distance allow."""
        earliest = [now]
        if taken:
            earliest.append(taken[-1] + LADDER[len(taken)])
        if (until := tables.snoozed_until(conn, wish.member_id, wish.series)) is not None:
            earliest.append(until)
        if len(recent) >= cap:
            earliest.append(recent[-cap] + WEEK)
        earliest += [at + APART for at in recent if abs(at - now) < APART]
        earliest.append(next_turn(conn, wish.member_id, now))
        return max(earliest)

    def _queue(
        self,
        conn: Connection,
        wish: ReminderRequest,
        to: tuple[str, str],
        wording: Wording,
        cap: int,
        now: datetime,
        expires: datetime,
    ) -> ReminderDecision:
        # A second ahead: should the clock turn out to have been wrong, the row waits for its own time. What was meant
        # "at once" is said at once then (`turns.straighten`), which may be in the middle of the night.
        key = f"reminder:{wish.member_id}:{wish.reason}:{wish.period}"
        first = not tables.was_reminded(conn, wish.member_id)
        made = tables.insert_reminder(
            conn,
            wish.community_id,
            wish.member_id,
            wish.series,
            wish.reason,
            wish.period,
            key,
            wording.sentence,
            now,
        )
        if made is None:
            return ReminderDecision(why="reminded for this already", again=now + LOOK_AGAIN)
        with speaking_to(conn, wish.member_id):
            card = framed_card(wish.card(wording), wish.why(), made, cap, first=first)
        draft = Draft(
            community_id=wish.community_id, space=to[0], person=to[1], verb=Verb.DIRECT, key=key, kind=KIND,
            card=card, priority=3, not_before=now + MOMENT, expires_at=expires, ref=str(made),
        )  # fmt: skip
        outbox.queue_draft(conn, draft, now)
        return ReminderDecision(id=made, again=now + LADDER[1])


def _choose_wording(
    conn: Connection, wish: ReminderRequest, now: datetime, *, ends_series: bool
) -> Wording | None:
    """The next sentence that this member has not read within a month, or for this reason; None: all were said."""
    said = tables.sentences_said(conn, wish.member_id, now - MONTH, wish.reason)
    left = [one for one in wish.sentences if one not in said]
    return Wording(left[0], ends_reason=len(left) == 1, ends_series=ends_series) if left else None


def is_left_alone(conn: Connection, member_id: int, reason: str, *ways: Sequence[str]) -> bool:
    """Whether a member has read all that one of the `ways` has to say for a reason; nothing is said for it any more."""
    said = tables.sentences_said(conn, member_id, datetime.max.replace(tzinfo=UTC), reason)
    return any(said.issuperset(sentences) for sentences in ways)


def framed_card(card: Card, why: Words, reminder_id: int, cap: int, *, first: bool) -> Card:
    """A reminder with what every reminder has: why it came, and the way to stop; in full the `first` time."""
    state = f"n{reminder_id}"
    buttons = Buttons(
        (
            Button(_("Later"), does="reminder.later", value=state),
            Button(_("Stop all"), does="reminder.stop", value=state),
        )
    )
    most = ngettext(
        "You get at most {count} reminder a week.", "You get at most {count} reminders a week.", cap
    )
    stop = _("Write stop to end them. Write resume to start them again.")
    because = (Note(why),) if why else ()
    manners = f"{most} {stop}" if first else _("Write stop to end reminders.")
    return replace(card, blocks=(*card.blocks, buttons, *because, Note(manners)))


# ── what happens to what was queued ───────────────────────────────────────────


def withdraw_pending(conn: Connection, member_id: int, now: datetime) -> int:
    """Withdraw the reminders that wait for a member; returns how many."""
    return sum(_cancel(conn, one, now) for one in tables.pending_reminders(conn, member_id))


def withdraw_unfit(conn: Connection, now: datetime) -> int:
    """Withdraw waiting reminders that no longer fit, for days away or a new break; returns how many."""
    waiting = tables.pending_reminders(conn)
    unfit = [one for one in waiting if not _fits(conn, one, now)]
    return sum(_cancel(conn, one, now) for one in unfit)


def withdraw_unfit_for(conn: Connection, member_id: int, now: datetime) -> int:
    """The same for one member, whose preferences changed."""
    unfit = [one for one in tables.pending_reminders(conn, member_id) if not _fits(conn, one, now)]
    return sum(_cancel(conn, one, now) for one in unfit)


def _fits(conn: Connection, one: tables.Reminder, now: datetime) -> bool:
    wishes = preferences.preferences_of(conn, one.member_id)
    wanted = wishes.direct and not wishes.stopped and wishes.reminders is not Reminders.OFF
    return wanted and hours_of(conn, one.community_id, one.member_id, now).is_free(now)


def _cancel(conn: Connection, one: tables.Reminder, now: datetime) -> bool:
    gone = outbox.cancel_draft(conn, one.key)
    if gone:
        tables.withdraw_reminder(conn, one.key, now)
    return gone


def note_failed(conn: Connection, fact: Failed, now: datetime) -> None:
    """Withdraw a reminder that was not posted, most likely because its two hours were over."""
    if fact.kind == KIND:
        tables.withdraw_reminder(conn, fact.key, now)


def postpone_series(
    conn: Connection, community_id: int, member_id: int, reminder_id: int, now: datetime
) -> datetime | None:
    """Snooze the series of a reminder; returns until when, or None when the reminder is not theirs."""
    one = tables.find_reminder(conn, community_id, reminder_id)
    if one is None or one.member_id != member_id:
        return None
    tables.snooze_series(conn, community_id, member_id, one.series, now + LATER)
    return now + LATER


def stop_reminders(conn: Connection, community_id: int, member_id: int, now: datetime) -> None:
    """Stop all reminders of a member until they say resume."""
    preferences.stop_reminders(conn, community_id, member_id, now)
    withdraw_pending(conn, member_id, now)


def resume_reminders(
    conn: Connection, community_id: int, member_id: int, now: datetime
) -> preferences.Preferences:
    """Allow reminders again; every series begins anew."""
    tables.end_snoozes(conn, member_id)
    return preferences.resume_reminders(conn, community_id, member_id, now)
