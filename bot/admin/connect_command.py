"""`/tilth connect`: two spaces become one community, by a one-time code between their admins."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.admin import connect_cards
from bot.admin.connect_cards import CONNECT, DROP, ENTER
from bot.alerts.alerts import Alerts
from bot.chat.cards import Card, say
from bot.chat.error_cards import refusal_card
from bot.chat.forms import Form
from bot.chat.language import N_, _
from bot.chat.menu import Command, Option
from bot.chat.models import Refusal, Role
from bot.delivery import outbox
from bot.delivery.facts import Draft, Verb
from bot.feature import ButtonHandler, CommandHandler, FormHandler, Reads, Request, Writes
from bot.people import audit, link_codes, spaces
from bot.people import tables as people
from bot.people.accounts import member_at
from bot.people.departures import account_now
from bot.people.languages import speaking_to
from bot.people.link_codes import LASTS, CodeProblem, CodePurpose, LinkCode, explain_problem, normal_code

KIND = "connect"


@dataclass(frozen=True, slots=True)
class SpaceMove:
    """What connecting does: the community that moves, the space by which people know it, and where it goes."""

    code: LinkCode
    moving: int
    space: str
    into: int


@dataclass(frozen=True, slots=True)
class ConnectCommand:
    """The handlers of `/tilth connect`."""

    alerts: Alerts

    def connect(self, conn: Connection, request: Request) -> Card:
        """Show a new code; or, with a code, what connecting would do."""
        if code := request.text("code"):
            return self._check(conn, request, code)
        who = (request.person.space, request.person.id)
        made = link_codes.make_code(conn, request.community.id, CodePurpose.SPACE, who, request.now)
        if made is None:
            return connect_cards.no_code_card()
        return connect_cards.code_card(made, request.now + LASTS, request.member.zone)

    def enter(self, conn: Connection, request: Request) -> Card:
        """Show what connecting would do, for the code in the form."""
        return self._check(conn, request, request.text("code"))

    def _check(self, conn: Connection, request: Request, text: str) -> Card:
        found = self._find(conn, request, text)
        if isinstance(found, Card):
            return found
        return connect_cards.confirm_card(normal_code(text), *_names(conn, found))

    def join(self, conn: Connection, request: Request) -> Card:
        """Move the space without data into the other community, and tell the other admin."""
        found = self._find(conn, request, request.value)
        if isinstance(found, Card):
            return found
        if not link_codes.use_code(conn, found.code, request.now):
            return _problem(CodeProblem.ENDED)
        names, there = _names(conn, found), found.code
        card = connect_cards.connected_card(*names)
        other = member_at(conn, there.community_id, there.space, there.person)
        with speaking_to(conn, other[0]) if other is not None else nullcontext():
            told = connect_cards.connected_card(*names)
        moved = spaces.move_spaces(conn, found.moving, found.into)
        audit.record_change(
            conn, found.into, request.member.id, request.role, "connected", ", ".join(moved), None,
            {"spaces": moved}, request.now,
        )  # fmt: skip
        draft = Draft(
            community_id=found.into, space=there.space, person=there.person, verb=Verb.DIRECT, kind=KIND, card=told,
            key=f"{KIND}:{there.id}", priority=1,
        )  # fmt: skip
        outbox.queue_draft(conn, draft, request.now)
        return replace(card, replaces=True)

    def _find(self, conn: Connection, request: Request, text: str) -> SpaceMove | Card:
        """What the code connects; or why it cannot. Returned and never raised: a wrong code counts."""
        who, home = (request.person.space, request.person.id), request.community.id
        code = link_codes.read_code(conn, home, CodePurpose.SPACE, who, text, request.now)
        if isinstance(code, CodeProblem):
            return _problem(code)
        met = account_now(conn, code.space, code.person)
        if met is None or met[1] or self.alerts.role_of(met[0]) < Role.ADMIN:
            return refusal_card(
                Refusal(
                    _("The person who made that code is not an admin anymore."), _("Ask another admin there.")
                )
            )
        other = people.community_of(conn, code.space)
        if other is None or other.id == home:
            return refusal_card(Refusal(_("These spaces are one community already."), ""))
        if spaces.find_data(conn, home) is None:
            return SpaceMove(code, home, who[0], other.id)
        if spaces.find_data(conn, other.id) is None:
            return SpaceMove(code, other.id, code.space, home)
        return refusal_card(
            Refusal(
                _(
                    "Both spaces have data already, such as prompts, answers or teams, so I cannot make them one community."
                ),
                _("One of them must be new."),
            )
        )

    def commands(self) -> tuple[CommandHandler, ...]:
        """`/tilth connect`."""
        command = Command(
            "tilth", "connect", N_("Make another space part of this community"),
            (Option("code", N_("The code that an admin of the other space sees"), positional=True),),
            role=Role.ADMIN, examples=("/tilth connect",), label=N_("Connect a space"),
        )  # fmt: skip
        return (CommandHandler(command, Writes(self.connect)),)

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """Connect and Cancel."""
        return (
            ButtonHandler(CONNECT, Writes(self.join), Role.ADMIN),
            ButtonHandler(DROP, Reads(_drop), Role.ADMIN),
        )

    def forms(self) -> tuple[FormHandler, ...]:
        """The form that asks for a code."""
        return (FormHandler(ENTER, Reads(_build_form), Writes(self.enter), Role.ADMIN),)


def _build_form(_conn: Connection, _request: Request) -> Form:
    return connect_cards.enter_form()


def _drop(_conn: Connection, _request: Request) -> Card:
    return replace(say(_("Nothing was connected.")), replaces=True)


def _problem(problem: CodeProblem) -> Card:
    return refusal_card(explain_problem(problem, CodePurpose.SPACE))


def _names(conn: Connection, found: SpaceMove) -> tuple[str, str]:
    """(the space that moves, the community it becomes a part of)."""
    return spaces.space_name(conn, found.space), people.community_by_id(conn, found.into).name
