"""Joining and leaving: whether the bot may write to somebody directly, and the card with which moderators ask for it.

Platforms do not want bots to begin conversations with people who did nothing. So the direct message is opened at the
click, and a first card in it shows at once whether it is taken.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from bot.account import join_cards
from bot.account.preference_commands import PreferenceCommands
from bot.account.welcomes import Welcomes
from bot.alerts.cards import reason
from bot.chat.cards import Card, ChannelLink, Markdown, compose, say
from bot.chat.language import N_, _
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Place, Refusal, Role, UnclearOption, platform_of
from bot.chat.parsing.button_values import read_fields, read_key, read_number
from bot.chat.port import DIRECT_CLOSED, Adapter, OutcomeUnknown, PlatformError
from bot.delivery import outbox, pacing
from bot.delivery.facts import Draft, Failed
from bot.feature import ButtonHandler, CommandHandler, Reads, Request, Waits, Writes, note_change
from bot.people import accounts, preferences, welcome_marks
from bot.scheduled_posts.direct_reach import INVITE
from bot.store.store import Store

PATIENCE = 15.0
"""Seconds that a platform gets to open a direct message."""


@dataclass(frozen=True, slots=True)
class JoinCommands:
    """The handlers of joining and leaving, and of the card that asks for it."""

    store: Store
    adapters: Mapping[str, Adapter]
    preferences: PreferenceCommands
    welcomes: Welcomes

    async def join(self, request: Request) -> Card:
        """Open the direct message with somebody at their click, and say whether it is taken."""
        who, adapter = request.person, self._adapter(request)
        try:
            async with asyncio.timeout(PATIENCE):
                place = await adapter.direct(who.space, who.id)
                work = partial(self._open, request=request, channel=place.channel)
                first, new, stopped = await self.store.write(work)
                if first is not None or new:
                    await adapter.private(place, who.id, first or join_cards.hello_card())
        except (PlatformError, TimeoutError) as error:
            if not request.member.noticed:  # what was to welcome them did not arrive
                await self.store.write(lambda conn: welcome_marks.release_welcome(conn, request.member.id))
            return await self._fail(request, error)
        return join_cards.joined_card(new=new or first is not None, stopped=stopped)

    def _open(self, conn: Connection, request: Request, channel: str) -> tuple[Card | None, bool, bool]:
        """Store that somebody lets the bot write to them; (the welcome, whether that is news, whether reminders are stopped).

        Only one of two clicks at once finds it new, so the first card comes once. There is a welcome for whoever takes
        part for the first time.
        """
        who, known = request.person, preferences.preferences_of(conn, request.member.id)
        new = accounts.note_direct_channel(conn, who, channel)
        pacing.close_circuit(conn, who.space, (f"@{who.id}",))
        if not known.direct:
            preferences.change_preferences(conn, request.community.id, request.member.id, direct=True)
            self.preferences.follow_change(conn, request)
        first = None
        if welcome_marks.claim_welcome(conn, request.member.id, request.now):
            first = self.welcomes.card(conn, request.community.id, who.space)
        return first, new or not known.direct, known.stopped

    async def _fail(self, request: Request, error: PlatformError | TimeoutError) -> Card:
        if isinstance(error, OutcomeUnknown | TimeoutError):
            raise Refusal(
                _("I do not know whether my message reached you."),
                _("Look at your direct messages, or press Join again."),
            )
        who = request.person
        if error.code == DIRECT_CLOSED:
            await self.store.write(lambda conn: accounts.refuse_direct(conn, who.space, who.id, request.now))
            return join_cards.closed_card()
        await self.store.write(lambda conn: accounts.drop_direct_channel(conn, who))
        raise Refusal(_("I could not write to you just now."), _("Press Join again in a minute."))

    def leave(self, conn: Connection, request: Request) -> Card:
        """Write to somebody by itself no more."""
        preferences.change_preferences(conn, request.community.id, request.member.id, direct=False)
        self.preferences.follow_change(conn, request)
        return join_cards.left_card()

    # ── the card that moderators post ─────────────────────────────────────────

    @staticmethod
    def preview(_conn: Connection, request: Request) -> Card:
        """Show the card with the Join button before it is posted."""
        channel = (
            request.value
            or request.text("channel")
            or ("" if request.place.private else request.place.channel)
        )
        if not channel:
            raise UnclearOption("channel", _("Where should it be posted?"))
        read_key(channel)
        return join_cards.preview_card(channel, int(request.now.timestamp()))

    async def post(self, request: Request) -> Card:
        """Post the card with the Join button, once for each preview, where the bot may speak."""
        channel, stamp = read_fields(request.value, 2)
        read_number(stamp)
        place = Place(request.place.space, channel)
        try:
            problem = await self._adapter(request).posting_problem(place)
        except PlatformError as error:
            problem = error.code
        if problem is not None:
            raise Refusal(*reason(problem))
        draft = Draft(
            community_id=request.community.id, space=place.space, channel=channel, kind="join-card", priority=1,
            key=f"join:{place.space}:{channel}:{stamp}", card=join_cards.join_card(),
        )  # fmt: skip

        def queue(conn: Connection) -> None:
            if outbox.queue_draft(conn, draft, request.now):
                note_change(conn, request, "posted", "the Join card", None, {"channel": channel})

        await self.store.write(queue)
        return replace(
            say(
                _("Posted"),
                Markdown(compose(_("It is on its way to {channel}."), channel=ChannelLink(channel))),
            ),
            replaces=True,
        )

    def _adapter(self, request: Request) -> Adapter:
        found = self.adapters.get(platform_of(request.place.space))
        if found is None:
            raise Refusal(_("I am not connected there now."), _("Try again in a moment."))
        return found

    def commands(self) -> tuple[CommandHandler, ...]:
        """`/tilth invite`."""
        where = Option("channel", N_("Where to post it; empty: here"), OptionKind.CHANNEL, positional=True)
        about = _("Post a card with a Join button: I can write to people who press it")
        command = Command(
            "tilth",
            "invite",
            about,
            (where,),
            role=Role.MODERATOR,
            examples=("/tilth invite #staffroom",),
            label=N_("Invite to direct messages"),
        )
        return (CommandHandler(command, Reads(self.preview)),)

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """Join and Leave for everybody; the others for moderators."""
        return (
            ButtonHandler(join_cards.JOIN, Waits(self.join)),
            ButtonHandler(join_cards.LEAVE, Writes(self.leave)),
            ButtonHandler(INVITE, Reads(self.preview), Role.MODERATOR),
            ButtonHandler("invite.post", Waits(self.post), Role.MODERATOR),
            ButtonHandler("invite.drop", Reads(_drop), Role.MODERATOR),
        )


def _drop(_conn: Connection, _request: Request) -> Card:
    return replace(say(_("Canceled. Nothing was posted.")), replaces=True)


def note_refused(conn: Connection, fact: Failed, now: datetime) -> None:
    """Store that somebody's direct messages are closed, so that nothing is sent there until they let it again."""
    row = outbox.find_by_key(conn, fact.key) if fact.code == DIRECT_CLOSED else None
    if row is not None and row.person is not None:
        accounts.refuse_direct(conn, row.space, row.person, now)
