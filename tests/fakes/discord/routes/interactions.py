"""Answers to interactions: the first one within its deadline, then follow-ups and edits by token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.discord import speech
from tests.fakes.discord.command_limits import check_choices
from tests.fakes.discord.errors import Complaints, DiscordError, not_found
from tests.fakes.discord.form_limits import check_modal
from tests.fakes.discord.interactions import (
    AUTOCOMPLETE,
    CHOICES,
    COMMAND,
    COMPONENT,
    DEFER,
    DEFER_UPDATE,
    FORM,
    LIFETIME,
    MESSAGE,
    MODAL,
    UPDATE,
    Interaction,
)
from tests.fakes.discord.message_limits import check_edit, check_new
from tests.fakes.discord.routes import Answer, Routes
from tests.fakes.discord.saying import compose, put, revise
from tests.fakes.discord.world import EPHEMERAL, LOADING, Message

if TYPE_CHECKING:
    from tests.fakes.discord.calls import Call
    from tests.fakes.discord.rig import Rig

Json = dict[str, Any]
CHAT_INPUT_COMMAND, CONTEXT_MENU_COMMAND = 20, 23
POSSIBLE = {
    COMMAND: {MESSAGE, DEFER, MODAL},
    COMPONENT: {MESSAGE, DEFER, DEFER_UPDATE, UPDATE, MODAL},
    AUTOCOMPLETE: {CHOICES},
    FORM: {MESSAGE, DEFER},
}


def respond(rig: Rig, call: Call) -> Answer:
    """The first answer: only once (40060), and only in time (10062)."""
    it = rig.asked.all.get(int(call.args[0]))
    if it is None or it.token != call.args[1]:
        raise not_found("Interaction")
    if it.acked is not None:
        raise DiscordError(400, 40060, "Interaction has already been acknowledged.")
    if rig.asked.too_late(it):
        raise not_found("Interaction")
    kind = call.json.get("type")
    possible = POSSIBLE[it.kind] | ({DEFER_UPDATE, UPDATE} if it.kind == FORM and it.source else set())
    wrong = Complaints()
    if kind not in possible:
        wrong.add("type", "BASE_TYPE_CHOICES", f"Value must be one of {tuple(sorted(possible))}.")
    wrong.refuse_if_any()
    assert isinstance(kind, int)
    message = _first(rig, it, kind, call.json.get("data") or {}, call.files)
    it.ack(kind)
    if call.query.get("with_response") not in ("1", "true"):
        return None
    told: Json = {"id": str(it.id), "type": it.kind}
    resource: Json = {"type": kind}
    if message is not None:
        told |= {
            "response_message_id": str(message.id),
            "response_message_loading": speech.is_loading(message),
            "response_message_ephemeral": bool(message.flags & EPHEMERAL),
        }
        resource["message"] = speech.message(rig.world, message)
    return {"interaction": told, "resource": resource}


def _first(rig: Rig, it: Interaction, kind: int, data: Json, files: list[Json]) -> Message | None:
    if kind == MESSAGE:
        check_new(data, files, interaction=True)
        it.ephemeral = bool((data.get("flags") or 0) & EPHEMERAL)
        it.original = _say(rig, it, data, files)
    elif kind == DEFER:
        it.ephemeral = bool((data.get("flags") or 0) & EPHEMERAL)
        it.original = _say(rig, it, {"flags": EPHEMERAL if it.ephemeral else 0}, [], loading=True)
    elif kind in (UPDATE, DEFER_UPDATE):
        it.original = it.source
        if kind == UPDATE and it.source is not None:
            check_edit(data, files, it.source)
            _rewrite(rig, it, it.source, data, files)
    elif kind == CHOICES:
        wrong = Complaints()
        check_choices(wrong, "data.choices", data.get("choices"), unique=False)
        wrong.refuse_if_any()
        it.choices = data["choices"]
        return None
    else:
        check_modal(data)
        it.modal = data
        rig.asked.open_modals[it.user.id] = (it, data)
        return None
    return it.original


def _say(rig: Rig, it: Interaction, body: Json, files: list[Json], *, loading: bool = False) -> Message:
    """A message that answers an interaction: in the channel for all, or for one person only."""
    message = compose(rig, it.place, rig.world.bot.id, body, files)
    message.from_webhook = True
    message.interaction = rig.asked.metadata(it)
    if it.kind == COMMAND and it.original is None:
        message.type = CHAT_INPUT_COMMAND if it.data.get("type", 1) == 1 else CONTEXT_MENU_COMMAND
    message.flags |= LOADING if loading else 0
    if message.flags & EPHEMERAL:
        message.seen_by = it.user.id
        message.mention_ids, message.mention_roles, message.mention_everyone = [], [], False
        rig.world.ephemerals[message.id] = message
        if rig.echo_ephemerals:
            rig.news.ephemeral(message, it.place)
    else:
        put(rig, it.place, message)
    return message


def _rewrite(rig: Rig, it: Interaction, message: Message, body: Json, files: list[Json]) -> None:
    revise(rig, it.place, message, body, files)
    if message.flags & LOADING:
        message.flags &= ~LOADING
        message.edited = None
    if not message.flags & EPHEMERAL:
        rig.news.message("MESSAGE_UPDATE", rig.world.channel(message.channel_id), message)


def _alive(rig: Rig, call: Call) -> Interaction:
    """The interaction behind a token: answered once already, and not older than 15 minutes."""
    it = rig.asked.by_token.get(call.args[1])
    if it is None or int(call.args[0]) != rig.world.app_id or it.acked is None:
        raise not_found("Webhook")
    if rig.world.now() - it.created > LIFETIME:
        raise DiscordError(401, 50027, "Invalid Webhook Token")
    return it


def follow_up(rig: Rig, call: Call) -> Answer:
    """After a deferral the first follow-up fills the loading message, as visible as the deferral said."""
    it = _alive(rig, call)
    check_new(call.json, call.files, interaction=True)
    if it.acked == DEFER and it.original is not None and it.original.flags & LOADING:
        _rewrite(rig, it, it.original, call.json, call.files)
        return speech.message(rig.world, it.original)
    message = _say(rig, it, call.json, call.files)
    it.followups.append(message)
    return speech.message(rig.world, message)


def _message(rig: Rig, it: Interaction, id: str) -> Message:
    """One of the messages that this token may touch."""
    if id == "@original":
        found = it.original
    else:
        mine = [*it.said, *([it.source] if it.source else [])]
        found = next((m for m in mine if str(m.id) == id), None)
    if found is None or not _there(rig, found):
        raise not_found("Message")
    return found


def _there(rig: Rig, it: Message) -> bool:
    place = rig.world.channels.get(it.channel_id)
    return it.id in rig.world.ephemerals or (place is not None and it.id in place.messages)


def look(rig: Rig, call: Call) -> Answer:
    return speech.message(rig.world, _message(rig, _alive(rig, call), call.args[2]))


def change(rig: Rig, call: Call) -> Answer:
    it = _alive(rig, call)
    message = _message(rig, it, call.args[2])
    check_edit(call.json, call.files, message)
    _rewrite(rig, it, message, call.json, call.files)
    return speech.message(rig.world, message)


def remove(rig: Rig, call: Call) -> Answer:
    message = _message(rig, _alive(rig, call), call.args[2])
    if message.flags & EPHEMERAL:
        del rig.world.ephemerals[message.id]
    else:
        rig.remove_message(rig.world.channel(message.channel_id), message)
    return None


ROUTES: Routes = {
    "POST /interactions/{}/{}/callback": respond,
    "POST /webhooks/{}/{}": follow_up,
    "GET /webhooks/{}/{}/messages/{}": look,
    "PATCH /webhooks/{}/{}/messages/{}": change,
    "DELETE /webhooks/{}/{}/messages/{}": remove,
}
