"""The page of a plan in the team's place: the canvas that the place carries, or a message.

The message is posted once, pinned, and edited whenever the plan changes; what is on a canvas is in the room `canvas`.

What changes marks the page, and one edit a few seconds later says all that changed. No words of a plan are stored with
it: the outbox draws the page from the plan when it is said. A page that somebody removed is posted anew once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.chat.cards import Card
from bot.chat.models import Place
from bot.chat.port import CANVAS_GONE, CANVAS_TAKEN
from bot.delivery import outbox
from bot.delivery.facts import QUIET, Draft, Failed, OutboxState, Sent, Verb
from bot.facts import MessageDeleted, PlanChanged
from bot.feature import PeriodicJob
from bot.people import tables as people
from bot.people.languages import speaking_to_all
from bot.runtime.clock import Clock
from bot.store.next_due import only_where
from bot.store.store import Store
from bot.team_plans import place_cards, places, tables
from bot.team_plans.access import names_in
from bot.team_plans.canvas import tables as canvases
from bot.team_plans.canvas.keeper import CANVAS, PlanCanvases, opening_key
from bot.team_plans.fishbone import fishbone_of
from bot.team_plans.page import plan_page
from bot.team_plans.places import REMOVED, PlanPlace

PAGE, AGAIN, PIN, GONE = "plan-page", "plan-page-again", "plan-page-pin", "plan-page-gone"
"""The kinds of its rows in the outbox."""
DEBOUNCE = 5
"""Seconds in which everything that changes becomes one edit."""
UNCARRIED = frozenset(
    {
        CANVAS_TAKEN, "missing_scope", "canvas_disabled_user_team", "team_tier_cannot_create_channel_canvases",
        "free_team_canvas_tab_already_exists", "free_teams_cannot_edit_standalone_canvases", "restricted_action",
        "access_denied", "no_permission", "canvas_creation_failed", "channel_canvas_creation_failed",
        "canvas_tab_creation_failed", "canvas_too_large", "unknown_method",
    }
)  # fmt: skip
"""Why a plan cannot be on a canvas, in the platforms' words: then its page is a message."""
MISSING = ("message_not_found", "unknown_message")
"""The platforms' words for a message that somebody removed."""


class PlanPages:
    """Keeps the page of each plan true, in the team's place."""

    def __init__(self, store: Store, clock: Clock, alerts: Alerts, canvases: PlanCanvases) -> None:
        self._store, self._clock, self._alerts, self._canvases = store, clock, alerts, canvases

    def jobs(self) -> tuple[PeriodicJob, ...]:
        """What it looks after: pages that no longer say what is true, and canvases on which people write."""
        return (
            PeriodicJob(
                "keeping the pages of plans true",
                DEBOUNCE,
                self.say_due,
                only_where(places.plan_place, places.next_due),
            ),
            PeriodicJob("looking at the canvases of plans", 30, self._canvases.look_due, canvases.next_look),
        )

    # ── where it is ───────────────────────────────────────────────────────────

    def move(
        self, conn: Connection, community_id: int, team_id: int, place: Place, now: datetime
    ) -> PlanPlace:
        """Post the page of a plan here, and remove it from where it was."""
        self.take_down(conn, team_id, now)
        where = places.put_place(conn, community_id, team_id, place)
        self._canvases.open(conn, where, now)
        return where

    def take_down(self, conn: Connection, team_id: int, now: datetime) -> PlanPlace | None:
        """Remove the page of a plan from its place; where that was."""
        where = places.place_of(conn, team_id)
        if where is None:
            return None
        places.drop_place(conn, team_id)
        for about in (PAGE, PIN):
            self._alerts.resolve(conn, where.community_id, _trouble(where, about), now)
        self._remove(conn, where, now)
        return where

    def _remove(self, conn: Connection, where: PlanPlace, now: datetime) -> None:
        """Take the plan off its canvas, or delete its message."""
        if where.carried or where.message is None:
            self._canvases.leave(conn, where.ref, now)
        posted = where.message is not None or outbox.find_by_key(conn, where.post) is not None
        if not where.carried and posted and not outbox.cancel_draft(conn, where.post):
            outbox.queue_draft(conn, _about(where, Verb.DELETE, GONE, f"{where.post}:gone"), now)

    def post_again(self, conn: Connection, where: PlanPlace, now: datetime) -> None:
        """Post the page of a plan once more, because somebody in the team asks for it; as a canvas where it can be."""
        if where.uncarried is not None:
            self._remove(conn, where, now)
        fresh = places.change_place(conn, where.team_id, problem=None, lost=0)
        if fresh.message is None or fresh.uncarried is not None:
            self._canvases.open(conn, places.begin_page(conn, fresh), now)
        else:
            places.mark_page(conn, where.team_id, now)

    # ── kept true ─────────────────────────────────────────────────────────────

    def plan_changed(self, conn: Connection, fact: PlanChanged) -> None:
        """The plan has changed: its page is said anew in a few seconds."""
        self.mark(conn, fact.team_id)

    def mark(self, conn: Connection, team_id: int) -> None:
        """Say the page of a plan anew in a few seconds, with whatever else changes until then."""
        places.mark_page(conn, team_id, self._clock.now() + timedelta(seconds=DEBOUNCE))

    @staticmethod
    def owns_message(conn: Connection, place: Place, message: str) -> bool:
        """Whether a message is the page of a plan."""
        return places.by_message(conn, place, message) is not None

    def message_deleted(self, conn: Connection, fact: MessageDeleted) -> None:
        """Somebody removed a message: if it was a page, it is posted once more."""
        where = places.by_message(conn, fact.place, fact.message)
        if where is not None:
            self._post_anew(conn, where, self._clock.now())

    async def say_due(self) -> int:
        """Say the pages anew whose time has come; how many there were."""
        now = self._clock.now()
        due = await self._store.read(partial(places.list_due, now=now))
        for one in due:
            await self._store.write(partial(self._say_anew, team_id=one.team_id, now=now))
        return len(due)

    def draw(self, conn: Connection, community_id: int, ref: str) -> Card | None:
        """The page of a plan as it is now, with its fishbone where there is a cause; None where it has moved away."""
        where = places.by_ref(conn, ref)
        if where is None:
            return None
        plan, home = tables.load_plan(conn, where.team_id), people.community_by_id(conn, community_id)
        today, names = home.day_of(self._clock.now()), names_in(conn, plan)
        with speaking_to_all(conn, community_id):
            pictures = (fishbone_of(plan),) if plan.causes else ()
            # How it goes is read in `/team plan`, by the team alone: others may be where the page is.
            shown = replace(plan, check_ins=())
            return plan_page(shown, names, today, pictures=pictures, readers=place_cards.readers_here(plan))

    # ── what became of it ─────────────────────────────────────────────────────

    def sent(self, conn: Connection, fact: Sent) -> None:
        """The page is there, or says what is true, or is pinned."""
        if fact.kind not in (PAGE, AGAIN, PIN, CANVAS):
            return
        carried = fact.kind != CANVAS or self._canvases.sent(conn, fact)
        where = places.by_ref(conn, fact.ref)
        if where is None:
            return
        if fact.kind == PIN:
            self._alerts.resolve(conn, where.community_id, _trouble(where, PIN), fact.at)
            return
        if not carried:
            _post(conn, where, fact.at)
        elif fact.kind == PAGE:
            places.change_place(conn, where.team_id, message=fact.message)
        if where.problem is not None:
            places.change_place(conn, where.team_id, problem=None)
            self._alerts.resolve(conn, where.community_id, _trouble(where), fact.at)

    def failed(self, conn: Connection, fact: Failed) -> None:
        """Something about a page could not be done: it is posted anew where it is gone, else moderators hear of it."""
        if fact.kind not in (PAGE, AGAIN, PIN, GONE, CANVAS) or fact.code in QUIET:
            return
        now, where = self._clock.now(), places.by_ref(conn, fact.ref)
        if fact.kind == GONE:
            self._tell(conn, fact, f"{GONE}:{fact.ref}", now)
        elif fact.kind == CANVAS:
            self._canvas_failed(conn, fact, where, now)
        elif where is None:
            return
        elif fact.kind == PIN:
            if fact.code not in MISSING:
                self._tell(conn, fact, _trouble(where, PIN), now)
        elif fact.code in MISSING:
            self._post_anew(conn, where, now)
        else:
            places.change_place(conn, where.team_id, problem=fact.code)
            self._tell(conn, fact, _trouble(where), now)

    def _canvas_failed(self, conn: Connection, fact: Failed, where: PlanPlace | None, now: datetime) -> None:
        """A canvas cannot be opened, looked at or changed: a message takes its place where that helps."""
        if where is None:
            self._canvases.drop(conn, fact.ref, now)
            if fact.code != CANVAS_GONE:
                self._tell(conn, fact, f"{GONE}:{fact.ref}", now)
        elif fact.code == CANVAS_GONE:
            self._canvases.drop(conn, fact.ref, now)
            self._post_anew(conn, where, now)
        elif fact.code in UNCARRIED:
            self._canvases.drop(conn, fact.ref, now)
            where = places.begin_page(conn, where) if where.carried else where
            _post(conn, places.change_place(conn, where.team_id, uncarried=fact.code), now)
        else:
            self._canvases.failed(conn, fact.ref)
            places.change_place(conn, where.team_id, problem=fact.code)
            self._tell(conn, fact, _trouble(where), now)

    def _tell(self, conn: Connection, fact: Failed, key: str, now: datetime) -> None:
        """Tell moderators what could not be done about a page."""
        plan = tables.load_plan(conn, int(fact.ref.partition("/")[0]))
        with speaking_to_all(conn, fact.community_id):
            kind = GONE if places.by_ref(conn, fact.ref) is None else fact.kind
            card = place_cards.trouble_card(plan, kind, fact.place, fact.code)
        self._alerts.alert(conn, fact.community_id, key, card, now)

    def _say_anew(self, conn: Connection, team_id: int, now: datetime) -> None:
        """Queue what a page needs: its post where it was not posted, else one edit of it."""
        there = places.place_of(conn, team_id)
        if there is None:
            return
        where = places.take_page(conn, there)
        if where.problem == REMOVED:
            return
        if where.carried:
            self._canvases.bring(conn, where.ref, now)
            return
        if where.message is None:
            said = outbox.find_by_key(conn, where.post) or outbox.find_by_key(conn, opening_key(where.ref))
            if said is None or said.state in (OutboxState.FAILED, OutboxState.DROPPED):
                self._canvases.open(conn, places.begin_page(conn, where), now)
                return
            if said.state is OutboxState.PENDING or said.kind == CANVAS:
                return  # it is drawn when it is said, and a canvas is looked at once it is there
        _edit(conn, where, now)

    def _post_anew(self, conn: Connection, where: PlanPlace, now: datetime) -> None:
        """Somebody removed the page: post it once more, but not against them."""
        if where.lost:
            places.change_place(conn, where.team_id, message=None, carried=False, problem=REMOVED)
            return
        places.change_place(conn, where.team_id, lost=1)
        self._canvases.open(conn, places.begin_page(conn, where), now)


def _edit(conn: Connection, where: PlanPlace, now: datetime) -> None:
    """Queue one edit of a message, unless one waits."""
    waiting = outbox.find_by_key(conn, _key(where))
    if waiting is None or waiting.state is not OutboxState.PENDING:
        where = places.change_place(conn, where.team_id, turn=where.turn + 1)
        outbox.queue_draft(conn, _about(where, Verb.UPDATE, AGAIN, _key(where)), now)


def _post(conn: Connection, where: PlanPlace, now: datetime) -> None:
    """Queue the page and its pin."""
    outbox.queue_draft(conn, _about(where, Verb.POST, PAGE, where.post), now)
    outbox.queue_draft(conn, _about(where, Verb.PIN, PIN, f"{where.post}:pin"), now)


def _about(where: PlanPlace, verb: Verb, kind: str, key: str) -> Draft:
    """A row of the outbox about a page."""
    spoken = verb is Verb.POST
    return Draft(
        community_id=where.community_id, space=where.place.space, channel=where.place.channel,
        thread=where.place.thread, verb=verb, key=key, kind=kind, ref=where.ref, priority=1 if spoken else 3,
        drawn=verb in (Verb.POST, Verb.UPDATE), message=None if spoken else where.message,
        after=where.post if not spoken and where.message is None else None,
    )  # fmt: skip


def _key(where: PlanPlace) -> str:
    return f"{where.post}:{where.turn}"


def _trouble(where: PlanPlace, kind: str = PAGE) -> str:
    """The key of the trouble with a page, or with its pin."""
    return f"{kind}:{where.team_id}"
