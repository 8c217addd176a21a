"""The place of an answer: beside what was pressed, in its place, in a modal, or a direct message."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.slack import button_state as pressed
from adapters.slack import forms
from adapters.slack.api import SlackApi
from adapters.slack.blocks import Look
from adapters.slack.errors import call_slack, translate_error
from adapters.slack.handed_files import HandedFiles
from adapters.slack.say import MessagePage, card_pages
from adapters.slack.web_client import SlackWebClient, quiet_logger
from bot.chat import cards
from bot.chat.cards import Card, Markdown, say
from bot.chat.forms import Form
from bot.chat.language import _, speaking
from bot.chat.models import Place
from bot.chat.port import OutcomeUnknown, PlatformError, Rejected, RetryLater

log = logging.getLogger(__name__)

USED_UP = frozenset({"used_url", "expired_url", "invalid_url", "http_404", "http_410"})
"""A response URL can be used five times within half an hour."""


class CommandAck:
    """The acknowledgment of a command, which carries the answer if that is there in time: Slack is called no second time."""

    __slots__ = ("_body", "_open")

    def __init__(self) -> None:
        self._body: dict[str, Any] | None = None
        self._open = True

    def carry(self, body: dict[str, Any]) -> bool:
        """Take a message along; false where it is on its way already, or has one."""
        if not self._open or self._body is not None:
            return False
        self._body = body
        return True

    def leave(self) -> dict[str, Any] | None:
        """What Slack is told now, where it is more than that we heard; nothing is taken along any more."""
        self._open = False
        return self._body


@dataclass(frozen=True, slots=True)
class ReplyTarget:
    """Where somebody did something, and how they can be answered there. It travels in a modal's private metadata.

    `url` is Slack's response URL; `pressed` the message with the button, and `alone` says that only this person sees
    that message; `view` is the kind of view it was, and `view_id` which. `ack` is still to come, where it can say something.
    """

    person: str
    place: Place
    url: str = ""
    pressed: str = ""
    alone: bool = False
    view: Literal["", "home", "modal"] = ""
    view_id: str = ""
    trigger: str = ""
    ack: CommandAck | None = field(default=None, compare=False)


def write_metadata(spot: ReplyTarget, form: str = "", value: str = "") -> str:
    """A spot as a modal's private metadata (at most 3,000 characters), with the form it asks for."""
    kept = asdict(replace(spot, trigger="", view_id="", ack=None))
    return json.dumps({name: one for name, one in kept.items() if one} | {"form": form, "value": value})


def read_metadata(text: str) -> tuple[ReplyTarget, str, str]:
    """(the spot, the form's id, its value) that `write_metadata` wrote."""
    kept: dict[str, Any] = json.loads(text)
    form, value = str(kept.pop("form", "")), str(kept.pop("value", ""))
    return ReplyTarget(**(kept | {"place": Place(**kept["place"])})), form, value


class Replies:
    """Answers people of one workspace."""

    def __init__(self, wire: SlackWebClient, api: SlackApi) -> None:
        self._wire, self._api = wire, api
        self.files = HandedFiles(wire)

    async def show(self, spot: ReplyTarget, card: Card) -> None:
        """Show the answer to what was done at a spot. Best effort: what cannot be shown anywhere is logged."""
        try:
            await self._show(spot, card)
        except PlatformError as error:
            log.warning("an answer could not be shown: %s", error.code)

    async def _show(self, spot: ReplyTarget, card: Card) -> None:
        mine = spot.alone or spot.place.private
        if spot.view:
            try:
                await self._in_modal(spot, card)
            except Rejected as error:  # the click is too old, or the modal was closed meanwhile
                log.warning("an answer could not be shown in a modal: %s", error.code)
                await self._show(replace(spot, view="", trigger=""), card)
        elif card.replaces and spot.pressed and mine:
            await self._instead(spot, card)
        elif card.public and not spot.place.private:
            await self._for_all(spot, card)
        elif spot.url and not spot.place.private:
            if not _is_carried(spot, card):
                await self._by_url(spot, card, {"response_type": "ephemeral", "replace_original": False})
        else:
            await self._api.private(spot.place, spot.person, card)

    async def open(self, spot: ReplyTarget, form: Form | Card) -> None:
        """Open a form in answer to a click, or show the card that came instead."""
        if isinstance(form, Card):
            await self.show(spot, form)
            return
        form = await self.files.drop_uploads(form)
        try:
            await self._view(spot, forms.modal_view(form, write_metadata(spot, form.id, form.value)))
        except PlatformError as error:
            log.warning("a form could not be opened: %s", error.code)
            with speaking(form.locale):
                late = too_late_card()
            await self.show(replace(spot, view="", trigger=""), late)

    async def offer(self, spot: ReplyTarget, form: Form, line: str) -> None:
        """A button that opens the form of a command that came as a message: a message cannot open one."""
        with speaking(form.locale):
            row, words = pressed.line_button(_("Open the form"), line), _("I need a form for that.")
            long = _("Your text is too long for a button, so please use the slash command.")
            instead = say(form.title, Markdown(f"{words} {long}"))
        if row is None:
            await self.show(spot, instead)
            return
        writes = self._wire.writes
        page = MessagePage(
            form.title, [{"type": "section", "text": {"type": "plain_text", "text": words}}, row]
        )
        if spot.place.private:
            call = writes.chat_postMessage(
                channel=spot.place.channel, thread_ts=spot.place.thread, text=page.text, blocks=page.blocks
            )
        else:
            call = writes.chat_postEphemeral(
                channel=spot.place.channel, user=spot.person, thread_ts=spot.place.thread,
                text=page.text, blocks=page.blocks,
            )  # fmt: skip
        await call_slack(call)

    # ── ways ──────────────────────────────────────────────────────────────────

    async def _in_modal(self, spot: ReplyTarget, card: Card) -> None:
        """Home and modals have no message to answer in: a modal shows the card, or says what came of it."""
        packed = await self._api.pack(card, native=False)
        look = Look(spot.person, packed.pictures, view=True)
        card = await self._api.send_files(spot.person, card, packed)
        await self._view(spot, forms.card_view(card, write_metadata(replace(spot, view="modal")), look))

    async def _view(self, spot: ReplyTarget, view: dict[str, Any]) -> None:
        writes = self._wire.writes
        if spot.view == "modal" and spot.view_id and view["callback_id"] == "card":
            await call_slack(writes.views_update(view_id=spot.view_id, view=view))
        elif spot.view == "modal" and spot.view_id:
            await call_slack(writes.views_push(trigger_id=spot.trigger, view=view))
        elif spot.trigger:
            await call_slack(writes.views_open(trigger_id=spot.trigger, view=view))
        else:
            raise Rejected("no_trigger")

    async def _instead(self, spot: ReplyTarget, card: Card) -> None:
        """In the place of the card that was pressed. An ordinary message is updated, so that it keeps its marker."""
        if not spot.alone:
            await self._api.update(spot.place, spot.pressed, card)
        elif spot.url:
            await self._by_url(spot, card, {"replace_original": True})
        else:
            await self._api.private(spot.place, spot.person, card)

    async def _for_all(self, spot: ReplyTarget, card: Card) -> None:
        if spot.url:
            await self._by_url(spot, card, {"response_type": "in_channel", "replace_original": False})
        else:
            await self._api.say_all(spot.place, card)

    async def _by_url(self, spot: ReplyTarget, card: Card, how: dict[str, Any]) -> None:
        """Through the response URL: it works where we are no member. Used up, the answer goes the ordinary way."""
        public = how.get("response_type") == "in_channel"
        packed = await self._api.pack(card)
        if not public:
            card = await self._api.send_files(spot.person, card, packed)
        thread = {"thread_ts": spot.place.thread} if spot.place.thread else {}
        client = AsyncWebhookClient(
            spot.url, session=self._wire.session, retry_handlers=[], logger=quiet_logger("web")
        )

        async def send(page: MessagePage, how: dict[str, Any] = how) -> None:
            body = {"text": page.text, "blocks": page.blocks, **thread, **how}
            try:
                answer = await client.send_dict(body)
            except (SlackClientError, aiohttp.ClientError, OSError, TimeoutError) as error:
                raise translate_error(error) from None
            if answer.status_code != 200:
                raise _refusal(answer.status_code, answer.body)

        look = packed.look("" if public else spot.person)
        try:
            _, rest = await self._api.show(card, "", look, send)
            for page in rest:
                await send(page, how | {"replace_original": False})
        except Rejected as error:
            if error.code not in USED_UP:
                raise
            await self._show(replace(spot, url="", pressed="", alone=False), card)
            return
        if public:
            await self._api.hand_over(packed, spot.place)


def _is_carried(spot: ReplyTarget, card: Card) -> bool:
    """Whether the acknowledgment takes a card along: one message, of nothing that a workspace may not show."""
    if spot.ack is None or any(
        isinstance(one, cards.Table | cards.Picture | cards.File) for one in card.blocks
    ):
        return False
    page, *rest = card_pages(card, "", Look(spot.person))
    message = {"response_type": "ephemeral", "text": page.text, "blocks": page.blocks}
    return not rest and spot.ack.carry(message)


def too_late_card() -> Card:
    """What is said where Slack did not wait for a form."""
    return say(
        _("That took too long"),
        Markdown(_("That took me too long, and Slack gives three seconds. Please try again.")),
    )


def _refusal(status: int, body: str) -> PlatformError:
    """What a response URL said: a code in JSON or as plain text, or only a status."""
    try:
        code = str(json.loads(body).get("error"))
    except (ValueError, AttributeError):
        code = body.strip() if body.strip().replace("_", "").isalpha() else f"http_{status}"
    if status == 429:
        return RetryLater(code)
    return OutcomeUnknown(f"http_{status}") if status >= 500 else Rejected(code)
