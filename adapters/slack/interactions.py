"""Commands, buttons, forms and shortcuts, each acknowledged within three seconds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Coroutine, Mapping
from dataclasses import replace
from typing import Any

from adapters.slack import forms, hear
from adapters.slack.blocks import Look
from adapters.slack.button_state import read_pressed
from adapters.slack.replies import CommandAck, ReplyTarget, read_metadata, write_metadata
from adapters.slack.uploads import NOTHING, Packed, tell_about_files
from adapters.slack.workspace_parts import WorkspaceParts
from bot.chat.cards import Card, Markdown, say
from bot.chat.error_cards import bug_card, refusal_card
from bot.chat.events import (
    ButtonPressed,
    CommandInvoked,
    FormSubmitted,
    Opening,
    Reply,
    ShortcutUsed,
    language_of_person,
)
from bot.chat.forms import FieldErrors
from bot.chat.language import _, speak, speaking
from bot.chat.models import Person, Place, Refusal
from bot.chat.port import NotStored, PlatformError

log = logging.getLogger(__name__)

Json = Mapping[str, Any]
ACK = 2.3
"""Seconds after which Slack is told that we heard, though we are still working."""


class SlackInteractions:
    """Answers what people of one workspace ask for."""

    def __init__(self, team: WorkspaceParts, ack: float = ACK) -> None:
        self._team, self._ack = team, ack

    async def command(self, body: Json) -> dict[str, Any] | None:
        """A slash command, `/reflect answer -- We tried wait time.`; the answer, where it comes with the acknowledgment."""
        ack = CommandAck()
        spot = ReplyTarget(
            str(body["user_id"]), Place("", ""), str(body["response_url"]), trigger=str(body["trigger_id"]), ack=ack
        )  # fmt: skip

        async def work() -> None:
            here = replace(spot, place=await self._place(str(body["channel_id"])))
            await self._obey(here, str(body["command"]), str(body.get("text") or ""))

        await self._soon(spot, work())
        return ack.leave()

    async def action(self, body: Json) -> None:
        """A button or select, on a message, in a modal or on App Home."""
        press = read_pressed((body.get("actions") or ({},))[0])
        if press is None:
            return
        spot = self._spot(body)

        async def work() -> None:
            here = spot
            if here.view == "home":
                here = replace(spot, place=await self._direct(spot.person))
            elif here.place.private and not await self._team.api.is_ours(here.place.channel):
                here = replace(spot, place=replace(spot.place, private=False))
            if press.kind == "line":  # the form of a command that came as a message
                await self._obey(here, "", press.value)
                return
            person = await self._person(here.person)
            event = ButtonPressed(person, here.place, press.id, press.value, here.pressed or None)
            await self._answer(here, event, opens=press.kind == "opens")

        await self._soon(spot, work())

    async def _obey(self, spot: ReplyTarget, noun: str, line: str) -> None:
        """Answer a command, or say in the language of whoever wrote it what cannot be read."""
        person = await self._person(spot.person)
        try:
            call = self._team.understand(noun, line)
        except Refusal as refusal:
            await self._team.replies.show(spot, refusal_card(refusal))
            return
        await self._answer(spot, CommandInvoked(person, spot.place, call), opens=call.opens)

    async def shortcut(self, body: Json) -> None:
        """A shortcut of the menu: on a message, or from anywhere."""
        id, user = str(body["callback_id"]), str(body["user"]["id"])
        opens = any(one.opens for one in self._team.core.menu.shortcuts if one.id == id)
        spot = ReplyTarget(
            user, Place("", ""), str(body.get("response_url") or ""), trigger=str(body["trigger_id"])
        )

        async def work() -> None:
            message, here = None, replace(spot, view="home")
            said = body.get("message")
            if said is None:
                here = replace(here, place=await self._direct(user))
            else:
                channel = str(body["channel"]["id"])
                direct = channel.startswith("D") and await self._team.api.is_ours(channel)
                await self._team.people.meet(hear.people_in(said))
                message = hear.read_message(said, self._team.here, self._team.people, channel, direct=direct)
                ts = str(said["ts"])
                place = hear.place_of(self._team.here, channel, ts, said, direct=direct)
                here = replace(spot, place=place)
            person = await self._person(user)
            await self._answer(here, ShortcutUsed(person, here.place, id, message), opens=opens)

        await self._soon(spot, work())

    async def submitted(self, body: Json) -> dict[str, Any] | None:
        """A form was sent: what its modal is to do. None closes it."""
        view = body["view"]
        if view.get("callback_id") != "form":
            return None
        spot, id, value = read_metadata(str(view["private_metadata"]))
        spot = replace(spot, person=str(body["user"]["id"]), trigger=str(body.get("trigger_id") or ""))
        fields, groups = forms.read_fields(view), forms.list_groups(view)
        done: list[dict[str, Any] | None] = []
        late = False

        async def work() -> None:
            reply = await self._taken(spot, id, value, fields, groups)
            self._team.homes.stir(spot.person)
            packed = NOTHING
            if spot.view and isinstance(reply, Card):
                packed = await self._team.api.pack(reply, native=False)
            if late:
                await self._afterwards(replace(spot, view="modal", view_id=str(view["id"])), reply, fields)
            else:
                done.append(self._ended(spot, reply, view, packed))

        if await self._team.background.within(self._guarded(spot, work()), self._ack):
            return done[0] if done else None
        late = True
        with speaking(self._language(spot.person)):
            wait = _wait_card()
        return {"response_action": "update", "view": forms.card_view(wait, write_metadata(spot), Look())}

    # ── ends ──────────────────────────────────────────────────────────────────

    async def _taken(
        self, spot: ReplyTarget, id: str, value: str, fields: Mapping[str, object], groups: Collection[str]
    ) -> Reply:
        """What the core makes of a form. While it cannot take it, the modal stays: nothing in it must be lost."""
        try:
            person = await self._person(spot.person)
            at = self._team.wire.clock.now()
            named = {name: self._team.people.group(str(fields[name])) for name in groups if fields[name]}
            whole = await self._team.replies.files.fetch_fields({**fields, **named})
            return await self._team.core.hear(FormSubmitted(person, spot.place, id, value, whole, at))
        except NotStored as unkept:
            return FieldErrors({"": unkept.card.title})
        except PlatformError as error:
            log.warning("a form could not be taken: %s", error.code)
            nobody = _nobody()
            return FieldErrors({"": f"{nobody.problem} {nobody.fix}"})
        except Exception:
            log.exception("a form could not be taken")
            return FieldErrors({"": bug_card("").title})

    def _ended(self, spot: ReplyTarget, reply: Reply, view: Json, packed: Packed) -> dict[str, Any] | None:
        """What the modal is to do. One that was opened from App Home has no place to answer in but itself."""
        if isinstance(reply, FieldErrors):
            return {"response_action": "errors", "errors": forms.error_payload(reply, view)}
        if not isinstance(reply, Card):
            return None
        if not spot.view:
            self._team.background.send(self._team.replies.show(spot, reply))
            return None
        self._team.background.send(self._team.api.send_files(spot.person, reply, packed))
        reply = tell_about_files(reply, packed, sent=True)
        look = Look(spot.person, packed.pictures, view=True)
        metadata = write_metadata(replace(spot, view="modal"))
        return {"response_action": "update", "view": forms.card_view(reply, metadata, look)}

    async def _afterwards(self, spot: ReplyTarget, reply: Reply, fields: Mapping[str, object]) -> None:
        """The answer to a form that took too long to keep its modal: the modal, if it is still there, shows it."""
        await asyncio.sleep(self._ack / 4)  # so that “one moment” is on its way before, not after
        if isinstance(reply, FieldErrors):
            texts = "\n\n".join(str(value) for value in fields.values() if isinstance(value, str) and value)
            problem = " ".join(reply.errors.values())
            reply = refusal_card(Refusal(_("I could not save that."), problem, texts))
        await self._team.replies.show(spot, reply if isinstance(reply, Card) else say(_("Done.")))

    async def _answer(self, spot: ReplyTarget, event: Opening, *, opens: bool) -> None:
        if opens:
            await self._team.replies.open(spot, await self._team.core.form(event))
        else:
            reply = await self._team.core.hear(event)
            if isinstance(reply, Card):
                await self._team.replies.show(spot, reply)
        self._team.homes.stir(spot.person)

    async def _soon(self, spot: ReplyTarget, work: Coroutine[Any, Any, None]) -> None:
        """Do this before Slack is told that we heard; when it takes long, tell it meanwhile."""
        await self._team.background.within(self._guarded(spot, work), self._ack)

    async def _guarded(self, spot: ReplyTarget, work: Coroutine[Any, Any, None]) -> None:
        """Whatever goes wrong becomes words for whoever asked, in their language as far as it is known."""
        with speaking(self._language(spot.person)):
            try:
                await work
            except NotStored as unkept:
                await self._sorry(spot, unkept.card)
            except PlatformError as error:
                log.warning("somebody could not be answered: %s", error.code)
                await self._sorry(spot, refusal_card(_nobody()))
            except Exception:
                log.exception("an answer failed")
                await self._sorry(spot, bug_card(""))

    async def _sorry(self, spot: ReplyTarget, card: Card) -> None:
        place = await self._somewhere(spot)
        await self._team.replies.show(replace(spot, view="", place=place), card)

    # ── who and where ─────────────────────────────────────────────────────────

    async def _person(self, id: str) -> Person:
        """Somebody as Slack knows them now, to whom all that follows is said. Raises `PlatformError`."""
        person = await self._team.people.person(id)
        speak(language_of_person(person))
        return person

    def _language(self, id: str) -> str:
        """The language of somebody, as far as it is known without asking Slack."""
        known = self._team.people.who(id)
        return language_of_person(known) if known is not None else ""

    def _spot(self, body: Json) -> ReplyTarget:
        user, trigger = str(body["user"]["id"]), str(body.get("trigger_id") or "")
        view = body.get("view")
        if view is not None and view.get("type") == "home":
            return ReplyTarget(
                user, Place(self._team.here.space, "", private=True), view="home", trigger=trigger
            )
        if view is not None:
            kept, _, _ = read_metadata(str(view["private_metadata"]))
            return replace(
                kept, person=user, view="modal", view_id=str(view["id"]), trigger=trigger, pressed="", url=""
            )
        box, message = body["container"], body.get("message") or {}
        ts, channel = str(box["message_ts"]), str(box["channel_id"])
        thread = box.get("thread_ts") or message.get("thread_ts")
        place = hear.place_of(
            self._team.here, channel, ts, {"thread_ts": thread}, direct=channel.startswith("D")
        )
        alone = bool(box.get("is_ephemeral"))
        return ReplyTarget(user, place, str(body.get("response_url") or ""), ts, alone, trigger=trigger)

    async def _place(self, channel: str) -> Place:
        """Where a command was written; a direct message between two other people is none of ours."""
        ours = channel.startswith("D") and await self._team.api.is_ours(channel)
        return Place(self._team.here.space, channel, private=ours)

    async def _direct(self, person: str) -> Place:
        return Place(self._team.here.space, await self._team.api.direct(person), private=True)

    async def _somewhere(self, spot: ReplyTarget) -> Place:
        """A place that an answer can go to, when nothing else is known of where it should."""
        return spot.place if spot.place.channel or spot.url else await self._direct(spot.person)


def _nobody() -> Refusal:
    return Refusal(_("Slack does not tell me who you are right now."), _("Please try again in a minute."))


def _wait_card() -> Card:
    words = _("I am still working on this. You can close this window; the answer will follow.")
    return say(_("One moment"), Markdown(words))
