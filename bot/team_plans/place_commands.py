"""`/team place`: whoever leads a team, or a moderator, chooses where its plan is posted and kept up to date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.alerts.cards import reason
from bot.alerts.place_probe import PlaceProbe
from bot.chat.cards import Card, ChannelLink, Markdown, compose, say
from bot.chat.forms import FieldErrors, Form, Pick
from bot.chat.language import N_, _
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Place, Refusal, Role, Sharing
from bot.chat.parsing.button_values import read_key
from bot.courses.offers import leads_team
from bot.courses.teams import tables as teams_tables
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
from bot.people.channel_members import people_in, sees_people
from bot.team_plans import place_cards, places, rooms
from bot.team_plans.access import led_plan
from bot.team_plans.canvas import tables as canvases
from bot.team_plans.canvas.ask_cards import unread_note
from bot.team_plans.canvas.ask_commands import waiting_blocks
from bot.team_plans.model import TeamPlan
from bot.team_plans.place_cards import AGAIN, PICK, POST, REMOVE
from bot.team_plans.posted_page import PlanPages

SECONDS = 2.0
"""How long a platform may take to say whether the bot can post somewhere."""


@dataclass(frozen=True, slots=True)
class PlaceCommands:
    """What is done about the place of a plan."""

    pages: PlanPages
    probe: PlaceProbe

    # ── before anything is written ────────────────────────────────────────────

    async def check_place(self, request: Request) -> Card | None:
        """A card that says why nothing can be posted in the place that is meant, and what helps; None: it can."""
        place = _meant_place(request)
        code = await self._problem(place) if place is not None else None
        if place is None or code is None:
            return None
        words = compose(
            _("I can’t post in {channel}, so the plan is not posted there."),
            channel=ChannelLink(place.channel),
        )
        return say(_("I can’t post there"), Markdown(words), Markdown(" ".join(reason(code))))

    async def check_pick(self, request: Request) -> FieldErrors | None:
        """The same, below the field of the form."""
        code = await self._problem(Place(request.place.space, str(request.values["channel"])))
        return FieldErrors({"channel": " ".join(reason(code))}) if code is not None else None

    async def _problem(self, place: Place) -> str | None:
        _known, code = await self.probe.ask(place, SECONDS)
        return code

    # ── choosing ──────────────────────────────────────────────────────────────

    def open_place(self, conn: Connection, request: Request) -> Card:
        """Say where the plan is, or put it into the channel that was named."""
        plan, place = led_plan(conn, request), _meant_place(request)
        if place is not None:
            return self._choose(conn, request, plan, place)
        there = canvases.canvas_of(conn, plan.team_id)
        more = (*unread_note(there.unread), *waiting_blocks(conn, plan)) if there is not None else ()
        return place_cards.place_card(plan, places.place_of(conn, plan.team_id), _here(request), more)

    def choose_place(self, conn: Connection, request: Request) -> Card:
        """Put the plan into the place on the button."""
        return self._choose(conn, request, led_plan(conn, request), _place_on(request))

    def confirm_place(self, conn: Connection, request: Request) -> Card:
        """Put it there, now that it was said who will read it."""
        return self._choose(conn, request, led_plan(conn, request), _place_on(request), confirmed=True)

    def build_pick(self, conn: Connection, request: Request) -> Form:
        """The form that asks for a channel."""
        plan = led_plan(conn, request)
        where = places.place_of(conn, plan.team_id)
        label = _("Which channel?")
        channel = (
            where.place.channel if where is not None and where.place.space == request.place.space else ""
        )
        return Form(
            PICK, _("Place of the plan"), (Pick("channel", label, "channel", value=channel),),
            value=f"t{plan.team_id}", submit=_("Choose"),
        )  # fmt: skip

    def take_pick(self, conn: Connection, request: Request) -> Card | FieldErrors:
        """Put the plan into the channel that was picked."""
        place = Place(request.place.space, str(request.values["channel"]))
        return self._choose(conn, request, led_plan(conn, request), place)

    def _choose(
        self, conn: Connection, request: Request, plan: TeamPlan, place: Place, *, confirmed: bool = False
    ) -> Card:
        before = places.place_of(conn, plan.team_id)
        if before is not None and before.place == place and before.problem is None:
            return place_cards.place_card(plan, before, _here(request))
        team = {one.member_id for one in teams_tables.team_members(conn, plan.team_id)}
        there = people_in(conn, request.community.id, place)
        _require_there(request, place, there)
        own = sees_people(conn, place.space) and bool(there) and there <= team
        own = own or place == rooms.room_of(conn, plan.team_id)
        if not own:
            _require_team(request, plan, team)
            if not confirmed:
                known = len(there) if sees_people(conn, place.space) else 0
                return place_cards.confirm_card(plan, place, known, len(there - team))
        where = self.pages.move(conn, plan.community_id, plan.team_id, place, request.now)
        old = {"channel": before.place.channel} if before is not None else None
        note_change(conn, request, "placed a plan", plan.team, old, {"channel": place.channel})
        return place_cards.placed_card(
            plan, where, before if before is None or before.place != place else None
        )

    # ── what is there ─────────────────────────────────────────────────────────

    def post_again(self, conn: Connection, request: Request) -> Card:
        """Post the page once more where it could not be posted, or was removed."""
        plan = led_plan(conn, request)
        where = places.place_of(conn, plan.team_id)
        if where is None or (where.problem is None and where.uncarried is None):
            return place_cards.place_card(plan, where, _here(request))
        self.pages.post_again(conn, where, request.now)
        return place_cards.again_card(plan, where)

    def remove_page(self, conn: Connection, request: Request) -> Card:
        """Take the page away; the plan stays as it is."""
        plan = led_plan(conn, request)
        where = self.pages.take_down(conn, plan.team_id, request.now)
        if where is not None:
            note_change(conn, request, "removed a plan", plan.team, {"channel": where.place.channel}, None)
        return place_cards.removed_card(plan, where)

    # ── the menu ──────────────────────────────────────────────────────────────

    def commands(self) -> tuple[CommandHandler, ...]:
        """The one command."""
        channel = Option("channel", N_("Which channel"), OptionKind.CHANNEL, positional=True)
        team = Option("team", N_("Which team"), OptionKind.NAME, completes=True)
        command = Command(
            "team", "place", N_("Where your team’s plan is posted"), (channel, team),
            examples=("/team place #team-north",), label=N_("Place of the plan"),
        )  # fmt: skip
        return (CommandHandler(command, Writes(self.open_place, self.check_place), leads_team),)

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """The buttons about the place."""
        return (
            ButtonHandler(POST, Writes(self.choose_place, self.check_place)),
            ButtonHandler(f"{POST}.now", Writes(self.confirm_place, self.check_place)),
            ButtonHandler(AGAIN, Writes(self.post_again)),
            ButtonHandler(REMOVE, Writes(self.remove_page)),
        )

    def forms(self) -> tuple[FormHandler, ...]:
        """The form that asks for a channel."""
        return (FormHandler(PICK, Reads(self.build_pick), Writes(self.take_pick, self.check_pick)),)


def _complete_team(conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
    """The teams whose plans somebody may place."""
    home, me = request.community.id, request.member.id
    if request.role >= Role.MODERATOR:
        return ((one.name, one.name) for one in teams_tables.teams(conn, home))
    mine = teams_tables.teams_of(conn, home, me)
    return ((one.name, one.name) for one in mine if teams_tables.is_lead(conn, one.id, me))


COMPLETIONS = (Completion("team place", "team", _complete_team),)


# ── what is meant, and who may ────────────────────────────────────────────────


def _here(request: Request) -> Place | None:
    """Where somebody asks; None where a plan cannot be posted."""
    return None if request.place.private or not request.place.channel else request.place


def _meant_place(request: Request) -> Place | None:
    """The place that a command or a button names."""
    if "/" in request.value:
        return _place_on(request)
    named = request.text("channel")
    return Place(request.place.space, named) if named else None


def _place_on(request: Request) -> Place:
    """The place on a button (`t3/C1`, `t3/C1/17.2`)."""
    _team, _slash, rest = request.value.partition("/")
    channel, _slash, thread = rest.partition("/")
    return Place(request.place.space, read_key(channel), read_key(thread) if thread else None)


def _require_there(request: Request, place: Place, there: set[int]) -> None:
    """Refuse a lead who is not in the channel: what they cannot read, they cannot fill."""
    here = _here(request)
    if (
        request.role >= Role.MODERATOR
        or request.member.id in there
        or (here is not None and here.root == place.root)
    ):
        return
    raise Refusal(
        _("You can choose a channel that you are in."), _("Go there and send `/team place`."), request.line
    )


def _require_team(request: Request, plan: TeamPlan, team: set[int]) -> None:
    """Refuse a moderator outside the team who would show others what only the team may read."""
    if request.member.id in team or plan.sharing is Sharing.EVERYONE:
        return
    raise Refusal(
        _("Not only {team} is in that channel, and only the team can read its plan.", team=plan.team),
        _(
            "Choose a channel with nobody but the team, or ask a lead of {team} to choose.",
            team=plan.team,
        ),
        request.line,
    )
