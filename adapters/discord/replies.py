"""How an answer reaches whoever asked: the first answer, what follows it, and what to do when it is too late.

An interaction must be answered within 3 seconds and can be for 15 minutes (docs interactions/receiving-and-responding).
Whether the first answer is private is decided when it is put off; where that turns out to be wrong, it is taken back.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord

from adapters.discord import forms, library_views
from adapters.discord.api import DiscordApi
from adapters.discord.errors import translate_errors
from adapters.discord.notices import alone_card
from adapters.discord.say import RenderedMessage, card_pages, message_payload
from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.chat.models import Person, Place
from bot.chat.port import DIRECT_CLOSED, CredentialsRejected, PlatformError, Rejected

log = logging.getLogger(__name__)

MESSAGES = 4
"""Messages that one answer may take; what is longer comes as a file."""


@dataclass(slots=True)
class Answering:
    """One interaction that is being answered.

    `quiet`: it was put off without a message of its own (a button, a form opened by one), so what follows is free to
    be private or not. Otherwise there is a message that says "thinking", and `aloud` tells whether everybody sees it.
    """

    interaction: discord.Interaction
    api: DiscordApi
    quiet: bool = False
    aloud: bool = False

    @property
    def direct(self) -> bool:
        """In a direct message everything is private already, and an ephemeral card would be gone tomorrow."""
        return self.interaction.guild_id is None

    # ── the first answer ──────────────────────────────────────────────────────

    async def put_off(self, *, aloud: bool = False) -> None:
        """Acknowledge; the answer comes later."""
        asked = self.interaction
        self.quiet = asked.type is not discord.InteractionType.application_command and (
            asked.message is not None
        )
        self.aloud = aloud or self.direct
        with translate_errors():
            await asked.response.defer(ephemeral=not self.aloud, thinking=not self.quiet)

    async def put_off_visibly(self) -> None:
        """Acknowledge with "thinking", privately: what was wanted takes too long."""
        self.quiet, self.aloud = False, self.direct
        with translate_errors():
            await self.interaction.response.defer(ephemeral=not self.aloud, thinking=True)

    async def open(self, form: Form, kept: dict[str, object] | None) -> None:
        """Answer with a form."""
        with translate_errors():
            await self.interaction.response.send_modal(
                library_views.FormModal(forms.modal_payload(form, kept))
            )

    async def say_at_once(self, card: Card) -> None:
        """Answer with a card that is there already."""
        await self._say_first(card_pages(card, MESSAGES), public=False)

    async def _say_first(self, said: Sequence[RenderedMessage], *, public: bool) -> None:
        first, *more = said
        private = not (public or self.direct)
        with translate_errors():
            await self.interaction.response.send_message(**self._new(first, private=private))
        await self._follow(more, private=private)

    async def show_at_once(self, card: Card, who: tuple[Person, Place] | None, *, public: bool) -> bool:
        """Answer with what the core said in time; what was done is told, even where Discord waits for it no more.

        False for a card with files or pictures: their way may take longer than Discord waits for a first answer.
        """
        said = card_pages(card, MESSAGES)
        if any(one.files for one in said):
            return False
        try:
            await self._say_first(said, public=public)
        except PlatformError as error:
            await self._otherwise(card, who, error, public=public)
        return True

    # ── what comes later ──────────────────────────────────────────────────────

    async def show(self, card: Card | None, who: tuple[Person, Place] | None, *, may_be_public: bool) -> None:
        """Show what the core answered; None: there is nothing to say."""
        try:
            if card is None:
                await self._say_nothing()
            elif card.replaces and self._is_replaceable():
                await self._replace(card)
            else:
                await self._say(card, public=card.public and may_be_public)
        except PlatformError as error:
            await self._otherwise(card, who, error, public=card is not None and card.public)

    async def tell(self, card: Card) -> None:
        """Say one more thing, privately."""
        await self._follow(card_pages(card, MESSAGES), private=not self.direct)

    async def _say_nothing(self) -> None:
        if not self.quiet:
            with translate_errors():
                await self.interaction.delete_original_response()

    def _is_replaceable(self) -> bool:
        """Whether the card that was pressed is seen by this person alone."""
        pressed = self.interaction.message
        return self.quiet and pressed is not None and (self.direct or pressed.flags.ephemeral)

    async def _replace(self, card: Card) -> None:
        first, *more = card_pages(card, MESSAGES)
        await self._edit(first)
        await self._follow(more, private=not self.direct)

    async def _say(self, card: Card, *, public: bool) -> None:
        said = card_pages(card, MESSAGES)
        private = not (public or self.direct)
        if self.quiet:
            return await self._follow(said, private=private)
        if private is self.aloud:
            # The first answer fills the message that says "thinking", which is not the kind we need.
            await self._edit(message_payload(alone_card()))
            await self._follow(said, private=private)
            with translate_errors():
                return await self.interaction.delete_original_response()
        await self._edit(said[0])
        return await self._follow(said[1:], private=private)

    async def _edit(self, said: RenderedMessage) -> None:
        with translate_errors():
            await self.interaction.edit_original_response(
                view=library_views.MessageView(said),
                attachments=library_views.to_files(said.files),
                allowed_mentions=library_views.to_mentions(""),
            )

    async def _follow(self, said: Sequence[RenderedMessage], *, private: bool) -> None:
        for one in said:
            with translate_errors():
                await self.interaction.followup.send(**self._new(one, private=private))

    def _new(self, said: RenderedMessage, *, private: bool) -> dict[str, Any]:
        made: dict[str, Any] = {
            "view": library_views.MessageView(said),
            "ephemeral": private,
            "allowed_mentions": library_views.to_mentions(""),
            "suppress_embeds": True,
        }
        return made | ({"files": library_views.to_files(said.files)} if said.files else {})

    async def _otherwise(
        self, card: Card | None, who: tuple[Person, Place] | None, error: PlatformError, *, public: bool
    ) -> None:
        """Where an answer was surely not taken, it goes to whoever asked by direct message; any other error is raised."""
        certain = isinstance(
            error, Rejected | CredentialsRejected
        )  # a token that has run out is answered with 401
        if not certain or card is None or who is None or public:
            raise error
        log.info("an answer came too late for its place (%s); sent directly", error.code)
        await self._instead(card, *who)

    async def _instead(self, card: Card, person: Person, place: Place) -> None:
        """After the 15 minutes, or when the first answer was not taken: by direct message."""
        try:
            await self.api.private(place, person.id, card)
        except PlatformError as error:
            if error.code != DIRECT_CLOSED:
                raise
