"""Commands, buttons, selects, forms and shortcuts, each acknowledged within three seconds.

What opens a form is answered with it, because Discord takes no form after "one moment", and a command with its answer, if
that is there in time; buttons and forms are put off at once. Nothing is remembered that must outlive a restart; what somebody filled into a form that was refused is kept
for a quarter of an hour, so that the form comes back as they left it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import discord

from adapters.discord import command_tree, forms, given_options, handed_files, hear, markers, notices
from adapters.discord.api import DiscordApi
from adapters.discord.open_modals import OpenModals
from adapters.discord.people import DiscordPeople, shown_name
from adapters.discord.places import DiscordConnection, Places, space_of
from adapters.discord.replies import Answering
from adapters.discord.state import DiscordState
from bot.chat.cards import Card
from bot.chat.error_cards import bug_card, refusal_card
from bot.chat.events import (
    ButtonPressed,
    CommandInvoked,
    CompletionRequest,
    Event,
    FormSubmitted,
    Opening,
    Reply,
    ShortcutUsed,
)
from bot.chat.forms import FieldErrors, Form
from bot.chat.language import known_language, speaking
from bot.chat.menu import Command, Option, OptionKind, Shortcut
from bot.chat.models import Person, Place, Refusal
from bot.chat.port import CorePort, NotStored, OutcomeUnknown, PlatformError

log = logging.getLogger(__name__)

Who = tuple[Person, Place]


class DiscordInteractions:
    """Answers everything people ask through Discord's own controls."""

    def __init__(
        self,
        line: DiscordConnection,
        places: Places,
        members: DiscordPeople,
        state: DiscordState,
        api: DiscordApi,
        slow: float,
    ) -> None:
        self._line, self._places, self._members = line, places, members
        self._state, self._api, self._slow = state, api, slow
        self._forms = OpenModals()
        self.core: CorePort | None = None

    # ── what Discord tells ────────────────────────────────────────────────────

    async def answer(
        self, interaction: discord.Interaction, command: Command, given: given_options.Given
    ) -> None:
        """A command."""

        async def called(who: Who) -> CommandInvoked:
            return CommandInvoked(*who, given_options.read_call(command, given))

        with _speaking_to(interaction):
            if given_options.may_open(command, given):
                await self._open(interaction, called)
            else:
                await self._ask(interaction, called, aloud=command.public)

    async def use(self, interaction: discord.Interaction, shortcut: Shortcut) -> None:
        """A shortcut on a message."""

        async def used(who: Who) -> ShortcutUsed:
            return ShortcutUsed(*who, shortcut.id, self._target(interaction, who[1]))

        with _speaking_to(interaction):
            await (self._open if shortcut.opens else self._ask)(interaction, used)

    async def hear(self, interaction: discord.Interaction) -> None:
        """A button, a select or a form; commands come through the tree."""
        data: Mapping[str, Any] = interaction.data or {}
        with _speaking_to(interaction):
            if interaction.type is discord.InteractionType.component:
                await self._pressed(interaction, data)
            elif interaction.type is discord.InteractionType.modal_submit:
                await self._submitted(interaction, data)

    async def complete(
        self, interaction: discord.Interaction, command: Command, option: Option, text: str
    ) -> tuple[tuple[str, str], ...]:
        """Choices while somebody types; none rather than an error."""
        if option.kind is OptionKind.ZONE and not option.completes:
            return command_tree.complete_zone(text)
        values = {key: value for key, value in vars(interaction.namespace).items() if value is not None}

        async def choices() -> tuple[tuple[str, str], ...]:
            who = await self._who(interaction)
            if self.core is None or who is None:
                return ()
            return await self.core.complete(
                CompletionRequest(*who, command.noun, command.verb, option.name, text, values)
            )

        try:
            async with asyncio.timeout(self._slow):
                return await choices()
        except (TimeoutError, PlatformError):
            return ()

    async def unknown(self, interaction: discord.Interaction) -> None:
        """A command of an older version, or one that failed before it was ours."""
        if not interaction.response.is_done():
            with _speaking_to(interaction):
                await Answering(interaction, self._api).say_at_once(notices.older_card())

    # ── buttons, selects, forms ───────────────────────────────────────────────

    async def _pressed(self, interaction: discord.Interaction, data: Mapping[str, Any]) -> None:
        button = markers.read_pressed(str(data["custom_id"]))
        message = str(interaction.message.id) if interaction.message is not None else None
        chosen = data.get("values") or ()
        value = f"{button.value}/{chosen[0]}" if chosen else button.value

        async def pressed(who: Who) -> ButtonPressed:
            return ButtonPressed(*who, button.id, value, message)

        await (self._open if button.opens else self._ask)(interaction, pressed)

    async def _submitted(self, interaction: discord.Interaction, data: Mapping[str, Any]) -> None:
        custom = str(data["custom_id"])
        id, value = forms.read_modal_id(custom)
        attached = (data.get("resolved") or {}).get("attachments")
        fields = forms.read_fields(data.get("components") or (), str(interaction.guild_id), attached)

        async def submitted(who: Who) -> FormSubmitted:
            whole = await handed_files.fetch_fields(self._line, fields)
            return FormSubmitted(*who, id, value, whole, interaction.created_at)

        def received(reply: Reply) -> Card | None:
            if not isinstance(reply, FieldErrors):
                self._forms.drop_form(interaction.user.id, custom)
                return reply
            form = self._forms.refuse_form(interaction.user.id, custom, handed_files.without_files(fields))
            return notices.complaint_card(reply, id, value, fields, form)

        await self._ask(interaction, submitted, received=received)

    # ── the two ways of answering ─────────────────────────────────────────────

    async def _ask(
        self, interaction: discord.Interaction, make: Callable[[Who], Awaitable[Event]], *, aloud: bool = False,
        received: Callable[[Reply], Card | None] | None = None,
    ) -> None:  # fmt: skip
        """Ask the core, show what it says.

        A command is put off only when its answer takes long, or carries files: until the card is there, nobody knows who may
        see it, and an answer that is there needs no second call.
        """
        answering = Answering(interaction, self._api)
        command = interaction.type is discord.InteractionType.application_command
        if command:
            asking = asyncio.create_task(self._replied(interaction, make, received), name="discord answer")
            done, _ = await asyncio.wait({asking}, timeout=self._slow)
            card, who = asking.result() if done else (None, None)
            if card is not None and await answering.show_at_once(card, who, public=card.public and aloud):
                return await self._confess(answering, who)
            await self._acknowledge(answering, aloud=aloud)
            card, who = await asking
        else:
            await self._acknowledge(answering)
            card, who = await self._replied(interaction, make, received)
        await answering.show(card, who, may_be_public=aloud or not command)
        return await self._confess(answering, who)

    @staticmethod
    async def _acknowledge(answering: Answering, *, aloud: bool = False) -> None:
        """Put off. Where nobody saw that succeed, a form is taken all the same, for its words are in no other place, and the
        answer to a command is shown: it is being worked on already."""
        try:
            await answering.put_off(aloud=aloud)
        except PlatformError as error:
            pressed = answering.interaction.type is discord.InteractionType.component
            if pressed and not isinstance(error, OutcomeUnknown):
                raise
            log.warning("an acknowledgment may not have arrived: %s", error.code)

    async def _replied(
        self,
        interaction: discord.Interaction,
        make: Callable[[Who], Awaitable[Event]],
        received: Callable[[Reply], Card | None] | None,
    ) -> tuple[Card | None, Who | None]:
        """What the core answers, whoever asks and whatever goes wrong."""
        who: Who | None = None
        try:
            who = await self._who(interaction)
            if who is None or self.core is None:
                return (notices.unlisted_card() if self.core is not None else notices.starting_card()), who
            reply = await self.core.hear(await make(who))
        except Refusal as refusal:
            reply = refusal_card(refusal)
        except NotStored as unkept:
            reply = unkept.card
        except Exception:
            log.exception("an answer failed")
            reply = bug_card("")
        card = received(reply) if received is not None else reply
        return (card if isinstance(card, Card) else None), who

    async def _open(
        self, interaction: discord.Interaction, make: Callable[[Who], Awaitable[Opening]]
    ) -> None:
        """Answer with a form, or with a card when none is needed. A form that is late is one button away."""
        answering = Answering(interaction, self._api)
        asking = asyncio.create_task(self._form(interaction, make), name="discord form")
        done, _ = await asyncio.wait({asking}, timeout=self._slow)
        if done:
            found, who = asking.result()
            if isinstance(found, Form):
                return await answering.open(found, self._forms.open_form(interaction.user.id, found))
            await answering.say_at_once(found)
            return await self._confess(answering, who)
        await answering.put_off_visibly()
        found, who = await asking
        if isinstance(found, Form):
            self._forms.keep_filled(interaction.user.id, found)
        card = found if isinstance(found, Card) else notices.late_form_card(found)
        return await answering.show(card, who, may_be_public=False)

    async def _form(
        self, interaction: discord.Interaction, make: Callable[[Who], Awaitable[Opening]]
    ) -> tuple[Form | Card, Who | None]:
        who: Who | None = None
        try:
            who = await self._who(interaction)
            if who is None or self.core is None:
                return (notices.unlisted_card() if self.core is not None else notices.starting_card()), who
            return await self.core.form(await make(who)), who
        except Refusal as refusal:
            return refusal_card(refusal), who
        except Exception:
            log.exception("a form failed")
            return bug_card(""), who

    async def _confess(self, answering: Answering, who: Who | None) -> None:
        """Tell somebody, in private, what could not be sent to them directly."""
        untold = await self._state.open(who[0].id) if who is not None else None
        if untold is not None:
            await answering.tell(notices.closed_direct_card(untold))

    # ── who and where ─────────────────────────────────────────────────────────

    async def _who(self, interaction: discord.Interaction) -> Who | None:
        """Who asks, and where; None for somebody who writes to us directly and is in none of our servers."""
        channel, server = str(interaction.channel_id or ""), interaction.guild_id
        user = interaction.user
        if server is None:
            name = {"id": str(user.id), "username": user.name, "global_name": user.global_name}
            person = await self._members.home(name)
            if person is None:
                return None
            return replace(person, locale=str(interaction.locale)), Place(person.space, channel, private=True)
        member = shown_name(user) if isinstance(user, discord.Member) else None
        about = {"id": str(user.id), "username": user.name, "global_name": user.global_name, "bot": user.bot}
        ground = self._places.server(str(server))
        known = hear.read_person(about, member, ground, stranger=member is None)
        person = replace(known, locale=str(interaction.locale))
        await self._state.meet(person.id, server=str(server))
        where = interaction.channel
        if isinstance(where, discord.Thread):
            return person, Place(space_of(server), str(where.parent_id), channel)
        return person, Place(space_of(server), channel)

    def _target(self, interaction: discord.Interaction, place: Place) -> Any:
        """The message a shortcut was used on; its words come without any intent."""
        data: Mapping[str, Any] = interaction.data or {}
        told = data["resolved"]["messages"][data["target_id"]]
        server = place.space.partition(":")[2]
        member = self._members.cached(server, str(told["author"]["id"]))
        us = str(self._line.client.user.id) if self._line.client.user is not None else ""
        more = {"member": member} if member is not None else {}
        return hear.read_message({**told, **more}, place, self._places.server(server), us)


def _speaking_to(interaction: discord.Interaction) -> AbstractContextManager[None]:
    """Say texts in the language of whoever uses Discord, until the core knows them."""
    return speaking(known_language(str(interaction.locale)) or "")
