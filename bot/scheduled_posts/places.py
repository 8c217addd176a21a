"""The places of a schedule: asked of the platform before anything is planned there, and changed where one fails."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.alerts.cards import place_key, reason
from bot.alerts.place_probe import PlaceProbe
from bot.chat.cards import Block, Card, ChannelLink, Markdown, Moment, Quote, compose, say
from bot.chat.forms import FieldErrors, Form, Pick
from bot.chat.language import _
from bot.chat.models import Place, Refusal
from bot.chat.parsing.button_values import read_id
from bot.feature import Request, note_change
from bot.people.languages import speaking_to_all
from bot.scheduled_posts.cards import done_card, suspended_key
from bot.scheduled_posts.drafts import state_of
from bot.scheduled_posts.due_list import next_date
from bot.scheduled_posts.ids import find_schedule
from bot.scheduled_posts.model import PostKind
from bot.schedules import edits, tables
from bot.schedules.model import Schedule, SchedulePlace, ScheduleState
from bot.store.store import Store

SECONDS = 2.0
"""How long a platform may take to say whether the bot can post in a channel: a form has to open within three seconds."""
FIELDS = ("channel", "also")
"""The options and fields that name a channel to post in."""


class PostPlaces:
    """What moderators of one kind do about places."""

    def __init__(self, store: Store, kind: PostKind, probe: PlaceProbe, alerts: Alerts) -> None:
        self._store, self._kind, self._probe, self._alerts = store, kind, probe, alerts

    # ── before it is planned ──────────────────────────────────────────────────

    async def check_command(self, request: Request) -> Card | None:
        """A card that says why nothing can be posted in a channel that was named, and what helps; None: it can."""
        return refused_card(await self._problems(request), request.line)

    async def check_form(self, request: Request) -> FieldErrors | None:
        """The same below the field of a form."""
        problems = await self._problems(request)
        errors = {name: " ".join(reason(code)) for name, (_channel, code) in problems.items()}
        return FieldErrors(errors) if errors else None

    async def _problems(self, request: Request) -> Mapping[str, tuple[str, str]]:
        """(channel, the platform's word) of each channel that was named and that the bot cannot post in, by its field."""
        named = {name: str(request.values[name]) for name in FIELDS if request.values.get(name)}
        if (
            not named
            or request.values.get("remove")
            or await self._store.read(lambda conn: self._is_direct(conn, request))
        ):
            return {}
        space, found = request.place.space, {}
        asked = (self._probe.ask(Place(space, channel), SECONDS) for channel in named.values())
        for (name, channel), (_known, code) in zip(named.items(), await asyncio.gather(*asked), strict=True):
            if code is not None:
                found[name] = (channel, code)
        return found

    def _is_direct(self, conn: Connection, request: Request) -> bool:
        """Whether direct messages are meant: nothing is posted in their channel."""
        number = request.number("schedule")
        if number is None:
            return request.text("to") == "dm"
        known = tables.by_name(conn, request.community.id, f"{self._kind.letter}{number}")
        return known is not None and known.direct

    # ── another channel ───────────────────────────────────────────────────────

    def build_form(self, conn: Connection, request: Request) -> Form:
        """The form that asks for a channel in the place of one that fails."""
        schedule, spot = self._named(conn, request)
        label = _("Where should {schedule} be posted?", schedule=schedule.name)
        return Form(
            f"{self._kind.noun}.place", _("Another channel"), (Pick("channel", label, "channel"),),
            value=f"{schedule.name}|{spot.channel}", submit=_("Change"),
        )  # fmt: skip

    def take(self, conn: Connection, request: Request) -> Card:
        """Post in another channel from now on; what was refused and is still open is posted there at once."""
        schedule, old = self._named(conn, request)
        tables.lock_schedule(conn, schedule.community_id, schedule.id)
        channel = str(request.values["channel"])
        new = SchedulePlace(
            request.place.space, channel, old.pings if old.space == request.place.space else ""
        )
        kept = [one for one in schedule.places if one.place not in (old.place, new.place)]
        places = tuple(new if one == old else one for one in schedule.places if one == old or one in kept)
        edits.change_schedule(conn, schedule.community_id, schedule.id, request.now, places=places)
        if schedule.state is ScheduleState.SUSPENDED:
            edits.resume(conn, schedule.community_id, schedule.id, request.now)
        after = tables.find_schedule(conn, schedule.community_id, schedule.id) or schedule
        moved = self._kind.refused.retry(conn, after, request.now, moved=(old.place, new.place))
        note_change(conn, request, "changed", schedule.name or "", state_of(schedule), state_of(after))
        with speaking_to_all(conn, schedule.community_id):
            told = self._moved_card(conn, request, after, channel, moved=moved > 0)
        for key in (place_key(old.place), suspended_key(schedule.id)):
            self._alerts.resolve(conn, schedule.community_id, key, request.now, told)
        return self._moved_card(conn, request, after, channel, moved=moved > 0)

    def _moved_card(
        self, conn: Connection, request: Request, after: Schedule, channel: str, *, moved: bool
    ) -> Card:
        where, first = ChannelLink(channel), next_date(conn, after, request.now)
        if moved:
            return done_card(
                compose(
                    _("{schedule} posts in {channel} now. I post there what could not be posted."),
                    schedule=after.name or "", channel=where,
                )
            )  # fmt: skip
        if first is None:
            words = compose(_("{schedule} posts in {channel} now."), schedule=after.name or "", channel=where)
            return done_card(words)
        return done_card(
            compose(
                _("{schedule} posts in {channel} now. Its next date is {when}."),
                schedule=after.name or "", channel=where, when=Moment(first, request.community.zone),
            )
        )  # fmt: skip

    def _named(self, conn: Connection, request: Request) -> tuple[Schedule, SchedulePlace]:
        """The schedule and the place of it that a button names."""
        name, _bar, channel = request.value.partition("|")
        schedule = find_schedule(conn, self._kind, request, read_id(name))
        spot = next((one for one in schedule.places if one.channel == channel), None)
        if spot is None:
            raise Refusal(
                _("{schedule} has another channel already.", schedule=schedule.name),
                _("{command} shows where it posts.", command=self._kind.command(f"show {schedule.name}")),
            )
        return schedule, spot


def refused_card(problems: Mapping[str, tuple[str, str]], line: str) -> Card | None:
    """Why nothing is planned in channels that cannot be posted in; None where there are none."""
    if not problems:
        return None
    blocks: list[Block] = []
    for channel, code in dict.fromkeys(problems.values()):
        lead = compose(_("I can’t post in {channel}, so nothing is planned."), channel=ChannelLink(channel))
        blocks += [Markdown(lead), Markdown(" ".join(reason(code)))]
    if line:
        blocks += [Markdown(_("When that is done, send this again:")), Quote(line)]
    return say(_("I can’t post there"), *blocks)


def examples() -> tuple[Card, ...]:
    """What somebody sees who plans a post where the bot is not."""
    line = "/prompt schedule #staff-lounge every mon 9am"
    found = (refused_card({"channel": ("c1", code)}, line) for code in ("not_in_channel", "is_archived"))
    return tuple(card for card in found if card is not None)
