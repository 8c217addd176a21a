"""`/my link`: two accounts of one person become one member by a one-time code, and two again with Unlink."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Connection, select

from bot.account import link_cards
from bot.account.link_cards import DROP, ENTER, JOIN, UNLINK
from bot.account.link_pieces import MemberLinking
from bot.account.link_rules import part_link
from bot.chat.cards import Card, say
from bot.chat.error_cards import refusal_card
from bot.chat.forms import Form
from bot.chat.language import N_, _
from bot.chat.menu import Command, Option
from bot.chat.models import Refusal
from bot.chat.parsing.button_values import read_id
from bot.delivery import outbox
from bot.delivery.facts import Draft, Verb
from bot.feature import ButtonHandler, CommandHandler, FormHandler, Reads, Request, Waits, Writes
from bot.people import link_codes, links
from bot.people.accounts import account, accounts_of, member_at
from bot.people.link_codes import LASTS, CodeProblem, CodePurpose, LinkCode, explain_problem, normal_code
from bot.people.tables import space

KIND = "link"
Account = tuple[str, str]


@dataclass(frozen=True, slots=True)
class LinkCommands:
    """The handlers of linking and unlinking."""

    linking: MemberLinking

    def link(self, conn: Connection, request: Request) -> Card:
        """Show a new code; or, with a code, what linking would do."""
        if code := request.text("code"):
            return self._check(conn, request, code)
        who = (request.person.space, request.person.id)
        linked = _linked_names(conn, request)
        made = link_codes.make_code(conn, request.community.id, CodePurpose.MEMBER, who, request.now)
        if made is None:
            return link_cards.no_code_card(linked)
        return link_cards.code_card(made, request.now + LASTS, request.member.zone, linked)

    def _check(self, conn: Connection, request: Request, text: str) -> Card:
        found = _find_other(conn, request, text)
        if isinstance(found, Card):
            return found
        code, _ = found
        name = _account_title(conn, code.space, code.person)
        return link_cards.confirm_card(normal_code(text), name)

    async def join(self, request: Request) -> Card:
        """Link the two accounts, and tell the other one; who asked is told when everything is in one place."""
        shown = await self.linking.store.write(partial(self._begin, request=request))
        await self.linking.go_on()
        return shown

    def _begin(self, conn: Connection, request: Request) -> Card:
        found = _find_other(conn, request, request.value)
        if isinstance(found, Card):
            return found
        code, other = found
        if not link_codes.use_code(conn, code, request.now):
            return _problem(CodeProblem.ENDED)
        here, there = (request.person.space, request.person.id), (code.space, code.person)
        keeper = _choose_keeper(conn, request.community.id, request.member.id, other)
        joined, brought = (other, there) if keeper == request.member.id else (request.member.id, here)
        link = self.linking.begin(conn, request.community.id, keeper, joined, brought)
        _write(
            conn,
            request,
            there,
            f"{KIND}:{link.id}",
            link_cards.linked_card(_account_title(conn, *here), link.id),
        )
        return replace(link_cards.linked_card(_account_title(conn, *there), link.id), replaces=True)

    def unlink(self, conn: Connection, request: Request) -> Card:
        """Make the two accounts two members again, and tell the other one."""
        link = links.find_link(conn, request.community.id, read_id(request.value, "l"))
        accounts = accounts_of(conn, request.community.id, request.member.id)
        if link is None or link.keeper != request.member.id or (link.space, link.person) not in accounts:
            raise Refusal(_("These accounts are not linked anymore."), _("`/my link` shows your accounts."))
        if len(accounts) < 2:
            raise Refusal(
                _("This is the only account that is left, so there is nothing to unlink."),
                _("Your data stays here."),
            )
        part_link(conn, link, self.linking.features(), self.linking.tell, request.now)
        here, brought = (request.person.space, request.person.id), (link.space, link.person)
        others = [one for one in accounts if one != brought] if here == brought else [brought]
        for one in others:
            card = link_cards.unlinked_card(_account_title(conn, *here))
            _write(conn, request, one, f"{KIND}:{link.id}:ended", card)
        return replace(link_cards.unlinked_card(_account_title(conn, *others[0])), replaces=True)

    def commands(self) -> tuple[CommandHandler, ...]:
        """`/my link`."""
        command = Command(
            "my", "link", N_("Make two accounts of yours one: a code for the other one"),
            (Option("code", N_("The code that your other account shows"), positional=True),),
            examples=("/my link", "/my link ABCD-EFGH-IJKL-MNOP-QRST-UVWX-YZ"), label=N_("Link an account"),
        )  # fmt: skip
        return (CommandHandler(command, Writes(self.link)),)

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """Link, Cancel and Unlink."""
        return (
            ButtonHandler(JOIN, Waits(self.join)),
            ButtonHandler(DROP, Reads(_drop)),
            ButtonHandler(UNLINK, Writes(self.unlink)),
        )

    def forms(self) -> tuple[FormHandler, ...]:
        """The form that asks for a code."""
        return (FormHandler(ENTER, Reads(_build_form), Writes(self.enter)),)

    def enter(self, conn: Connection, request: Request) -> Card:
        """Show what linking would do, for the code in the form."""
        return self._check(conn, request, request.text("code"))


def _build_form(_conn: Connection, _request: Request) -> Form:
    return link_cards.enter_form()


def _drop(_conn: Connection, _request: Request) -> Card:
    return replace(say(_("Nothing was linked.")), replaces=True)


# ── codes ─────────────────────────────────────────────────────────────────────


def _problem(problem: CodeProblem) -> Card:
    return refusal_card(explain_problem(problem, CodePurpose.MEMBER))


def _find_other(conn: Connection, request: Request, text: str) -> tuple[LinkCode, int] | Card:
    """The code and the member whose account made it; or why it is of no use here.

    Returned and never raised: a wrong code counts, and what is raised is rolled back.
    """
    who = (request.person.space, request.person.id)
    code = link_codes.read_code(conn, request.community.id, CodePurpose.MEMBER, who, text, request.now)
    if isinstance(code, CodeProblem):
        return _problem(code)
    if code.community_id != request.community.id:
        link_codes.note_wrong_code(conn, request.community.id, who, request.now)
        fix = _("An admin can make them one with `/tilth connect`.")
        return refusal_card(Refusal(_("That account belongs to another community."), fix))
    met = member_at(conn, code.community_id, code.space, code.person)
    if met is None:
        return _problem(CodeProblem.ENDED)
    if met[0] == request.member.id:
        return refusal_card(
            Refusal(_("These accounts are linked already."), _("`/my link` shows your accounts."))
        )
    if all(links.links_of(conn, code.community_id, one) for one in (met[0], request.member.id)):
        fix = _("Unlink one of them first: `/my link` shows your accounts.")
        return refusal_card(Refusal(_("Both accounts are linked to others already."), fix))
    return code, met[0]


def _choose_keeper(conn: Connection, community_id: int, one: int, other: int) -> int:
    """Which member stays: whoever is linked already, else the one that was met first."""
    for member_id in (one, other):
        if links.links_of(conn, community_id, member_id):
            return member_id
    return links.oldest_member(conn, one, other)


# ── words ─────────────────────────────────────────────────────────────────────


def _write(conn: Connection, request: Request, who: Account, key: str, card: Card) -> None:
    """Tell an account privately, at once: it concerns its own data."""
    draft = Draft(
        community_id=request.community.id, space=who[0], person=who[1], verb=Verb.DIRECT, kind=KIND, card=card,
        key=f"{key}:{who[0]}:{who[1]}", priority=1,
    )  # fmt: skip
    outbox.queue_draft(conn, draft, request.now)


def _linked_names(conn: Connection, request: Request) -> list[tuple[int, str]]:
    """(link, the account it brought; or, to that account itself, the one that stayed)."""
    here = (request.person.space, request.person.id)
    others = [one for one in accounts_of(conn, request.community.id, request.member.id) if one != here]
    found = []
    for link in links.links_of(conn, request.community.id, request.member.id):
        brought = (link.space, link.person)
        shown = brought if brought != here else next(iter(others), brought)
        found.append((link.id, _account_title(conn, *shown)))
    return found


def _account_title(conn: Connection, space_key: str, person: str) -> str:
    """An account as people know it: its name, and the name of its space."""
    row = conn.execute(
        select(account.c.name, space.c.name)
        .join(space, space.c.key == account.c.space)
        .where(account.c.space == space_key, account.c.person == person)
    ).one_or_none()
    return person if row is None else f"{row[0]} ({row[1]})"
