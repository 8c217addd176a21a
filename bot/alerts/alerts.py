"""One word to moderators about each trouble: where they want to hear of it, once, until it is over.

They hear of it in the channel they chose (`/tilth setup alerts:#channel`, or the setting), else each of them by
direct message: whoever the roles in the settings make a moderator or an admin.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.alerts import tables
from bot.chat import cards
from bot.chat.cards import Card
from bot.chat.models import Person, Place, Role
from bot.delivery import outbox
from bot.delivery.facts import QUIET, Draft, Failed, Verb
from bot.delivery.outbox import OutboxRow
from bot.people import accounts, departures, options
from bot.people.roles import RoleSources

log = logging.getLogger(__name__)

KIND, AGAIN = "alert", "alert-again"
CHOICE, SETTING = "alerts", "alerts-by-setting"
"""Where moderators hear of trouble: what they chose in chat, and what the operator set."""
MOST = 20
"""Moderators that are written to directly; more of them need a channel."""


class Alerts:
    """Tells moderators, in the transaction in which something became true. `roles` says who they are."""

    def __init__(self, roles: RoleSources) -> None:
        self._roles = roles

    def alert(self, conn: Connection, community_id: int, key: str, card: Card, now: datetime) -> bool:
        """Tell moderators of the trouble `key`, unless they were told since it began; whether they are told now.

        `key` names the trouble, not the time (`place:<space>:<channel>`). The card says what to do.
        """
        opened = tables.begin_alert(conn, community_id, key, now)
        if opened is None:
            return False
        place = place_of(conn, community_id)
        drafts = [_in_channel(community_id, opened, place, card)] if place is not None else []
        drafts = drafts or self._directly(conn, community_id, opened, card)
        return self._say(conn, opened, key, drafts, now)

    def resolve(
        self, conn: Connection, community_id: int, key: str, now: datetime, card: Card | None = None
    ) -> bool:
        """The trouble is over: what was not said yet is taken back, and `card` takes the place of what was.

        False when there was none. The same trouble may be told again from now on.
        """
        row = tables.open_alert(conn, community_id, key)
        if row is None:
            return False
        tables.close_alert(conn, row.id, now)
        for told in row.told:
            if not outbox.cancel_draft(conn, told) and card is not None:
                self._replace(conn, told, f"{told}:over", card, now)
        return True

    def renew(self, conn: Connection, community_id: int, key: str, card: Card, now: datetime) -> bool:
        """What was told has changed: `card` takes its place where it stands. False when nothing is open."""
        row = tables.open_alert(conn, community_id, key)
        if row is None:
            return False
        turn = tables.next_turn(conn, row.id)
        for told in row.told:
            if not outbox.replace_card(conn, told, card):
                outbox.cancel_draft(conn, f"{told}:{turn - 1}")
                self._replace(conn, told, f"{told}:{turn}", card, now)
        return True

    def role_of(self, who: Person) -> Role:
        """The role of an account, as its platform shows it."""
        return self._roles.of(who)

    @staticmethod
    def _replace(conn: Connection, told: str, key: str, card: Card, now: datetime) -> None:
        """Put another card where one was, or is about to be, said."""
        said = outbox.find_by_key(conn, told)
        if said is None:
            return
        where = {"person": said.person} if said.person else {"channel": said.channel}
        after = Draft(
            community_id=said.community_id, space=said.space, verb=Verb.UPDATE, key=key, kind=AGAIN,
            card=card, after=told, priority=1, **where,
        )  # fmt: skip
        outbox.queue_draft(conn, after, now)

    def failed(self, conn: Connection, fact: Failed, now: datetime) -> None:
        """The moderators' own channel does not take it: tell each of them directly instead."""
        if fact.kind != KIND or fact.place.private or fact.code in QUIET:
            return
        row = tables.by_id(conn, int(fact.ref))
        said = outbox.find_by_key(conn, fact.key)
        if row is None or row.resolved_at is not None or said is None or said.card is None:
            return
        drafts = self._directly(conn, fact.community_id, row.id, cards.load_card(said.card))
        self._say(conn, row.id, row.key, drafts, now)

    def moderators(self, conn: Connection, community_id: int) -> list[tuple[int, str, str]]:
        """(member, space, platform id) of everyone who is a moderator or more, one account each."""
        found: dict[int, tuple[int, str, str]] = {}
        for member_id, who in accounts.present_members(conn, community_id):
            if self._roles.of(who) >= Role.MODERATOR:
                found.setdefault(member_id, (member_id, who.space, who.id))
        return list(found.values())[:MOST]

    def may_reach(self, conn: Connection, row: OutboxRow) -> bool:
        """Whether somebody may be told what a row says: not who left the space, and what is for moderators only them."""
        known = departures.account_now(conn, row.space, row.person or "")
        if known is None:
            return True
        who, left = known
        return not left and (row.kind not in (KIND, AGAIN) or self._roles.of(who) >= Role.MODERATOR)

    def told_in_vain(self, conn: Connection) -> list[tuple[int, str]]:
        """(alert, outbox key) of what was told directly to somebody who may not read it now, of all that is open."""
        found = []
        for row in tables.open_alerts(conn):
            for key in row.told:
                said = outbox.find_by_key(conn, key) if ":@" in key else None
                if said is not None and said.person is not None and not self.may_reach(conn, said):
                    found.append((row.id, key))
        return found

    def take_back(self, conn: Connection, now: datetime) -> int:
        """Remove what was told to people who moderate no longer from where they can read it; how much."""
        gone = self.told_in_vain(conn)
        for alert_id, key in gone:
            row, said = tables.by_id(conn, alert_id), outbox.find_by_key(conn, key)
            if row is None or said is None:
                continue
            tables.record_told(conn, alert_id, [one for one in row.told if one != key])
            for turn in range(row.turn + 1):
                outbox.cancel_draft(conn, f"{key}:{turn}")
            if not outbox.cancel_draft(conn, key):
                self._delete(conn, said, f"{key}:gone", now)
        return len(gone)

    @staticmethod
    def _delete(conn: Connection, said: OutboxRow, key: str, now: datetime) -> None:
        removal = Draft(
            community_id=said.community_id, space=said.space, verb=Verb.DELETE, key=key, kind="alert-gone",
            person=said.person, after=said.key, priority=1,
        )  # fmt: skip
        outbox.queue_draft(conn, removal, now)

    def _directly(self, conn: Connection, community_id: int, alert_id: int, card: Card) -> list[Draft]:
        return [
            Draft(
                community_id=community_id, space=space, verb=Verb.DIRECT, person=person, card=card,
                key=f"alert:{alert_id}:{space}:@{person}", kind=KIND, priority=1, ref=str(alert_id),
            )
            for _, space, person in self.moderators(conn, community_id)
        ]  # fmt: skip

    @staticmethod
    def _say(conn: Connection, alert_id: int, key: str, drafts: Sequence[Draft], now: datetime) -> bool:
        for one in drafts:
            outbox.queue_draft(conn, one, now)
        if not drafts:
            log.warning("nobody can be told of %s: no moderators' channel, and no moderator is known", key)
        tables.record_told(conn, alert_id, [one.key for one in drafts])
        return bool(drafts)


def _in_channel(community_id: int, alert_id: int, place: Place, card: Card) -> Draft:
    key = f"alert:{alert_id}:{place.space}:{place.channel}"
    return Draft(
        community_id=community_id, space=place.space, channel=place.channel, card=card, key=key, kind=KIND,
        priority=1, ref=str(alert_id),
    )  # fmt: skip


def place_of(conn: Connection, community_id: int) -> Place | None:
    """The moderators' channel, by their own choice or by the setting; None: direct messages."""
    for name in (CHOICE, SETTING):
        found = options.option_of(conn, community_id, name)
        if found is not None:
            return Place(found["space"], found["channel"]) if found["channel"] else None
    return None


def hear_in(conn: Connection, community_id: int, place: Place | None) -> None:
    """Moderators hear of trouble here from now on; None: by direct message."""
    value = (
        {"space": "", "channel": ""} if place is None else {"space": place.space, "channel": place.channel}
    )
    options.set_option(conn, community_id, CHOICE, value)


def hear_as_set(conn: Connection, community_id: int) -> None:
    """Moderators no longer choose: they hear of trouble where the operator set it, else by direct message."""
    options.set_option(conn, community_id, CHOICE, None)


def set_by_operator(conn: Connection, community_id: int, setting: str) -> None:
    """Keep the operator's setting, `<space>:<channel>`; empty: none. A changed one ends what was chosen in chat."""
    space, _, channel = setting.rpartition(":")
    before = options.option_of(conn, community_id, SETTING)
    now = {"space": space, "channel": channel}
    if before is not None and before != now:
        hear_as_set(conn, community_id)
    options.set_option(conn, community_id, SETTING, now)
