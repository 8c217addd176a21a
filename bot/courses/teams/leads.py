"""Who leads a team: named by a moderator, handed over by whoever leads, and what happens when a lead leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.chat.cards import Card, Markdown, say
from bot.chat.language import N_, _
from bot.chat.menu import Command
from bot.chat.models import Refusal, Role
from bot.courses.enrollment.groups import enroll_teammate
from bot.courses.notices.tables import MembershipKind
from bot.courses.offers import is_in_team, leads_team
from bot.courses.teams import cards, handovers, resolve, tables
from bot.courses.teams.handovers import TeamHandover
from bot.courses.teams.tables import Team
from bot.courses.teams.team_commands import LEADS, PERSON, TEAM, named_person, note_made
from bot.delivery import outbox
from bot.delivery.facts import Draft, Verb
from bot.feature import ButtonHandler, CommandHandler, DataSubject, Request, Writes, note_change
from bot.people.accounts import name_of
from bot.people.departures import MemberLeft, present_among
from bot.people.languages import speaking_to, speaking_to_all
from bot.people.reach import writable_account
from bot.runtime.clock import Clock

KIND = "team-offer"
"""The kind of its rows in the outbox. `ref` names who made the offer, so that erasing them finds it."""


class TeamLeads:
    """Names and changes the leads of teams."""

    def __init__(self, alerts: Alerts, clock: Clock) -> None:
        self._alerts, self._clock = alerts, clock

    def change_lead(self, conn: Connection, request: Request) -> Card:
        """Let somebody lead a team, or no longer."""
        team = resolve.named_or_own_team(conn, request)
        member_id, name = named_person(conn, request)
        wanted = request.values.get("leads") is not False
        if wanted:
            tables.join_team(conn, request.community.id, team.id, member_id, request.now)
        before = tables.is_lead(conn, team.id, member_id)
        tables.set_lead(conn, team.id, member_id, wanted)
        if wanted:
            resolve_leaderless(conn, self._alerts, request.community.id, team, name, request.now)
        if wanted and not before:
            note_made(conn, request, MembershipKind.LEAD, team, member_id)
            enroll_teammate(conn, request.community.id, team.id, member_id, request.now)
        after = {"leads": wanted, "member": member_id}
        note_change(conn, request, "changed who leads", team.name, {"leads": before}, after)
        words = (
            _("{name} leads **{team}** now.", name=name, team=team.name)
            if wanted
            else _("{name} no longer leads **{team}**.", name=name, team=team.name)
        )
        return say(words.replace("*", ""), Markdown(words))

    # ── handing over ──────────────────────────────────────────────────────────

    def offer_team(self, conn: Connection, request: Request) -> Card:
        """Ask somebody to lead a team in one's own place."""
        team = resolve.named_or_own_team(conn, request)
        if not tables.is_lead(conn, team.id, request.member.id):
            raise Refusal(
                _("Only a lead of {team} can hand it over.", team=team.name),
                _("A moderator can name another lead: `/team lead @somebody`."),
                request.line,
            )
        member_id, name = named_person(conn, request)
        if member_id == request.member.id:
            raise Refusal(
                _("You lead {team} already.", team=team.name), _("Name somebody else."), request.line
            )
        to = writable_account(conn, request.community.id, member_id)
        if to is None:
            raise Refusal(
                _("I cannot write to {name}.", name=name),
                _("Ask a moderator: `/team lead` names them."),
                request.line,
            )
        self._withdraw(conn, request.community.id, team.id)
        key = f"{KIND}:{team.id}:{member_id}:{request.now:%Y%m%d%H%M%S}"
        handovers.put_handover(
            conn, TeamHandover(team.id, request.community.id, member_id, request.member.id, key, request.now)
        )
        with speaking_to(conn, member_id):
            self._write(conn, request, to, key, cards.offer_card(team, request.member.name))
        return cards.offered_card(team, name)

    def accept_team(self, conn: Connection, request: Request) -> Card:
        """Lead a team from now on, in the place of whoever offered it."""
        team, offer = self._offered(conn, request)
        tables.join_team(conn, request.community.id, team.id, request.member.id, request.now)
        enroll_teammate(conn, request.community.id, team.id, request.member.id, request.now)
        tables.set_lead(conn, team.id, request.member.id, True)
        tables.set_lead(conn, team.id, offer.offered_by, False)
        handovers.drop_handover(conn, team.id)
        before, after = {"lead": offer.offered_by}, {"lead": request.member.id}
        note_change(conn, request, "took over a team", team.name, before, after)
        self._answer(conn, request, offer, lambda: cards.accepted_card(team, request.member.name))
        return replace(cards.leading_card(team), replaces=True)

    def decline_team(self, conn: Connection, request: Request) -> Card:
        """Leave a team with whoever leads it."""
        team, offer = self._offered(conn, request)
        handovers.drop_handover(conn, team.id)
        self._answer(conn, request, offer, lambda: cards.declined_card(team, request.member.name))
        return replace(cards.not_leading_card(team), replaces=True)

    @staticmethod
    def _offered(conn: Connection, request: Request) -> tuple[Team, TeamHandover]:
        """The team on the button, and its offer to whoever pressed it; refused where that is over."""
        team = resolve.named_or_own_team(conn, request)
        offer = handovers.find_handover(conn, request.community.id, team.id)
        ours = offer is not None and offer.member_id == request.member.id
        if offer is None or not ours or not tables.is_lead(conn, team.id, offer.offered_by):
            raise Refusal(
                _("{team} is no longer offered to you.", team=team.name), _("`/team` shows who leads it.")
            )
        return team, offer

    def _answer(
        self, conn: Connection, request: Request, offer: TeamHandover, card: Callable[[], Card]
    ) -> None:
        """Tell whoever made an offer what became of it, in their language."""
        to = writable_account(conn, request.community.id, offer.offered_by)
        if to is not None:
            with speaking_to(conn, offer.offered_by):
                self._write(conn, request, to, f"{offer.key}:answer", card())

    @staticmethod
    def _write(conn: Connection, request: Request, to: tuple[str, str], key: str, card: Card) -> None:
        draft = Draft(
            community_id=request.community.id, space=to[0], person=to[1], verb=Verb.DIRECT, kind=KIND, key=key,
            card=card, priority=1, ref=f"/{request.member.id}/",
        )  # fmt: skip
        outbox.queue_draft(conn, draft, request.now)

    @staticmethod
    def _withdraw(conn: Connection, community_id: int, team_id: int) -> None:
        """An earlier offer of a team that was not said yet is not said any more."""
        before = handovers.find_handover(conn, community_id, team_id)
        if before is not None:
            outbox.cancel_draft(conn, before.key)

    # ── leaving ───────────────────────────────────────────────────────────────

    def leave_team(self, conn: Connection, request: Request) -> Card:
        """Take the asker out of a team; where they led it alone, they and the moderators are told."""
        team = resolve.named_or_own_team(conn, request)
        led = tables.is_lead(conn, team.id, request.member.id)
        if not tables.leave_team(conn, request.community.id, team.id, request.member.id, request.now):
            raise Refusal(
                _("You are not in {team}.", team=team.name), _("`/team` shows your teams."), request.line
            )
        alone = led and self._tell_leaderless(conn, request.community.id, team)
        return cards.left_card(team, f"t{team.id}/{request.member.id}", leaderless=alone)

    def member_left(self, conn: Connection, fact: MemberLeft) -> None:
        """Somebody left the space: moderators hear of the teams that they led alone."""
        self._tell_about_teams(conn, fact.community_id, fact.member_id)

    def forget(self, conn: Connection, whose: DataSubject) -> None:
        """Forget offers by and to a person, before their teams are forgotten."""
        home, member_id = whose.community.id, whose.member_id
        for offer in handovers.handovers_of(conn, home, member_id):
            outbox.cancel_draft(conn, offer.key)
            handovers.drop_handover(conn, offer.team_id)
        for key in outbox.naming(conn, home, KIND, f"/{member_id}/"):
            outbox.cancel_draft(conn, key)
        self._tell_about_teams(conn, home, member_id)

    def _tell_about_teams(self, conn: Connection, community_id: int, member_id: int) -> None:
        for team in tables.teams_of(conn, community_id, member_id):
            if tables.is_lead(conn, team.id, member_id):
                self._tell_leaderless(conn, community_id, team, without=member_id)

    def _tell_leaderless(
        self, conn: Connection, community_id: int, team: Team, without: int | None = None
    ) -> bool:
        """Tell moderators that nobody leads a team any more; false when somebody does, or nobody is left in it."""
        mates = [one for one in tables.team_members(conn, team.id) if one.member_id != without]
        here = present_among(conn, [one.member_id for one in mates])
        if not here or any(one.lead for one in mates if one.member_id in here):
            return False
        with speaking_to_all(conn, community_id):
            card = cards.leaderless_card(team)
        self._alerts.alert(conn, community_id, _key(team.id), card, self._clock.now())
        return True

    # ── the menu ──────────────────────────────────────────────────────────────

    def commands(self) -> tuple[CommandHandler, ...]:
        """The commands about leads, and the one to leave."""
        hand = Command(
            "team", "handover", N_("Ask somebody to lead a team in your place"), (PERSON, TEAM),
            examples=("/team handover @ada North",), label=N_("Hand over the lead"),
        )  # fmt: skip
        lead = Command(
            "team",
            "lead",
            N_("Name who leads a team"),
            (PERSON, TEAM, LEADS),
            Role.MODERATOR,
            label=N_("Choose a lead"),
        )
        return (
            CommandHandler(
                Command("team", "leave", N_("Leave a team"), (TEAM,), label=N_("Leave a team")),
                Writes(self.leave_team),
                is_in_team,
            ),
            CommandHandler(lead, Writes(self.change_lead)),
            CommandHandler(hand, Writes(self.offer_team), leads_team),
        )

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """Leave, and the answers to an offer."""
        return (
            ButtonHandler("team.leave", Writes(self.leave_team)),
            ButtonHandler("team.accept", Writes(self.accept_team)),
            ButtonHandler("team.decline", Writes(self.decline_team)),
        )


def resolve_leaderless(
    conn: Connection, alerts: Alerts, community_id: int, team: Team, name: str, now: datetime
) -> None:
    """Somebody leads a team: moderators who heard that nobody does are told."""
    with speaking_to_all(conn, community_id):
        led = cards.led_card(team, name)
    alerts.resolve(conn, community_id, _key(team.id), now, led)


def hand_over(conn: Connection, whose: DataSubject) -> list[dict[str, object]]:
    """Offers by and to a person, for their own copy."""
    home, member_id = whose.community.id, whose.member_id
    found = handovers.handovers_of(conn, home, member_id)
    return [
        {
            "team": getattr(tables.find_team(conn, home, one.team_id), "name", ""),
            "offered": "by you"
            if one.offered_by == member_id
            else f"by {name_of(conn, one.offered_by) or 'somebody'}",
            "at": one.at.isoformat(),
        }
        for one in found
    ]


def _key(team_id: int) -> str:
    """The key of the trouble that nobody leads a team."""
    return f"team-lead:{team_id}"
