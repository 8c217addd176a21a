"""Messages: sending with and without a nonce, history, edits, deletions, reactions, pins."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.fakes.discord import shapes, speech
from tests.fakes.discord.errors import Complaints, DiscordError, not_found
from tests.fakes.discord.ids import iso
from tests.fakes.discord.message_limits import check_edit, check_new
from tests.fakes.discord.permissions import May, in_channel
from tests.fakes.discord.routes import Answer, Routes
from tests.fakes.discord.saying import compose, need, need_open, need_to_speak, put, revise
from tests.fakes.discord.sessions import Intent
from tests.fakes.discord.world import Channel, Message

if TYPE_CHECKING:
    from tests.fakes.discord.calls import Call
    from tests.fakes.discord.rig import Rig

Json = dict[str, Any]
PINNED_NOTICE = 6


def shown(rig: Rig, place: Channel, it: Message) -> Json:
    """A message as REST shows it to the bot, which is empty without the message-content intent."""
    blind = not rig.gateway.portal & Intent.MESSAGE_CONTENT
    return speech.message(rig.world, it, hidden=blind and speech.is_hidden(rig.world, place, it))


def create(rig: Rig, call: Call) -> Answer:
    place = rig.world.channel(call.args[0])
    need_to_speak(rig.world, place, call.files)
    check_new(call.json, call.files)
    nonce = call.json.get("nonce") if call.json.get("enforce_nonce") else None
    if nonce is not None:
        earlier = _said_with(rig, str(nonce))
        if earlier is not None:
            return earlier
    message = compose(rig, place, rig.world.bot.id, call.json, call.files)
    put(rig, place, message)
    if nonce is not None:
        rig.world.nonces[rig.world.bot.id, str(nonce)] = (rig.world.now(), place.id, message.id)
    return shown(rig, place, message) | ({"nonce": message.nonce} if message.nonce is not None else {})


def _said_with(rig: Rig, nonce: str) -> Json | None:
    """The message this author sent with this nonce a short while ago, wherever that was."""
    known = rig.world.nonces.get((rig.world.bot.id, nonce))
    if known is None or rig.world.now() - known[0] > rig.nonce_window:
        return None
    place = rig.world.channels.get(known[1])
    message = place.messages.get(known[2]) if place else None
    if place is None or message is None:
        raise not_found("Message")
    return shown(rig, place, message) | {"nonce": nonce}


def history(rig: Rig, call: Call) -> Answer:
    """Newest first, whatever was asked for; nothing at all without Read Message History."""
    place = rig.world.channel(call.args[0])
    need(rig.world, place)
    if place.guild_id is not None and not in_channel(rig.world, place, rig.world.bot.id) & (
        May.READ_MESSAGE_HISTORY
    ):
        return []
    limit = _limit(call.query.get("limit", "50"), 100)
    everything = sorted(place.messages.values(), key=lambda m: m.id)
    if "around" in call.query:
        middle = int(call.query["around"])
        before = [m for m in everything if m.id < middle][-(limit // 2) :]
        after = [m for m in everything if m.id >= middle][: limit - limit // 2]
        page = before + after
    elif "after" in call.query:
        page = [m for m in everything if m.id > int(call.query["after"])][:limit]
    else:
        latest = int(call.query.get("before", 2**63))
        page = [m for m in everything if m.id < latest][-limit:]
    return [shown(rig, place, m) for m in reversed(page)]


def _limit(text: str, most: int) -> int:
    wrong = Complaints()
    if not text.isdigit() or not 1 <= int(text) <= most:
        wrong.add("limit", "NUMBER_TYPE_MAX", f"int value should be between 1 and {most}.")
    wrong.refuse_if_any()
    return int(text)


def fetch(rig: Rig, call: Call) -> Answer:
    place = rig.world.channel(call.args[0])
    need(rig.world, place, May.READ_MESSAGE_HISTORY)
    return shown(rig, place, rig.world.message(place, call.args[1]))


def edit(rig: Rig, call: Call) -> Answer:
    place = rig.world.channel(call.args[0])
    need(rig.world, place)
    message = rig.world.message(place, call.args[1])
    if message.author_id != rig.world.bot.id:
        raise DiscordError(403, 50005, "Cannot edit a message authored by another user")
    need_open(place)
    check_edit(call.json, call.files, message)
    revise(rig, place, message, call.json, call.files)
    rig.news.message("MESSAGE_UPDATE", place, message)
    return shown(rig, place, message)


def delete(rig: Rig, call: Call) -> Answer:
    place = rig.world.channel(call.args[0])
    need(rig.world, place)
    message = rig.world.message(place, call.args[1])
    if message.author_id != rig.world.bot.id:
        if place.guild_id is None:
            raise DiscordError(403, 50003, "Cannot execute action on a DM channel")
        need(rig.world, place, May.MANAGE_MESSAGES)
    need_open(place)
    rig.remove_message(place, message)
    return None


def react(rig: Rig, call: Call) -> Answer:
    place = rig.world.channel(call.args[0])
    need(rig.world, place, May.READ_MESSAGE_HISTORY)
    message, emoji = rig.world.message(place, call.args[1]), call.args[2]
    need_open(place)
    if emoji.isascii() and ":" not in emoji:
        raise not_found("Emoji")
    if emoji not in message.reactions:
        need(rig.world, place, May.ADD_REACTIONS)
        if len(message.reactions) >= 20:
            raise DiscordError(400, 30010, "Maximum number of reactions reached (20)")
    rig.add_reaction(place, message, rig.world.bot, emoji)
    return None


def unreact(rig: Rig, call: Call) -> Answer:
    place = rig.world.channel(call.args[0])
    need(rig.world, place)
    message = rig.world.message(place, call.args[1])
    who = rig.world.bot
    if call.args[3:]:
        need(rig.world, place, May.MANAGE_MESSAGES)
        who = rig.world.users[int(call.args[3])]
    rig.remove_reaction(place, message, who, call.args[2])
    return None


def reactors(rig: Rig, call: Call) -> Answer:
    place = rig.world.channel(call.args[0])
    need(rig.world, place, May.READ_MESSAGE_HISTORY)
    message = rig.world.message(place, call.args[1])
    after, limit = int(call.query.get("after", 0)), _limit(call.query.get("limit", "25"), 100)
    who = [u for u in sorted(message.reactions.get(call.args[2], [])) if u > after][:limit]
    return [shapes.user(rig.world.users[u]) for u in who]


def pin(rig: Rig, call: Call) -> Answer:
    place = rig.world.channel(call.args[0])
    need(rig.world, place, May.PIN_MESSAGES)
    message = rig.world.message(place, call.args[1])
    need_open(place)
    if message.pinned_at is not None:
        return None
    if sum(m.pinned_at is not None for m in place.messages.values()) >= 250:
        raise DiscordError(400, 30003, "Maximum number of pins reached for the channel (250)")
    # Pages of pins are cut by time, so no two have the same, even while the clock stands still.
    others = [m.pinned_at for m in place.messages.values() if m.pinned_at]
    message.pinned_at = max([rig.world.now(), *[at + timedelta(milliseconds=1) for at in others]])
    rig.news.message("MESSAGE_UPDATE", place, message)
    rig.news.pins(place)
    notice = Message(rig.world.ids.next(), place.id, rig.world.bot.id, type=PINNED_NOTICE)
    notice.reference = {"type": 0, "channel_id": str(place.id), "message_id": str(message.id)}
    if place.guild_id is not None:
        notice.reference["guild_id"] = str(place.guild_id)
    put(rig, place, notice)
    return None


def unpin(rig: Rig, call: Call) -> Answer:
    place = rig.world.channel(call.args[0])
    need(rig.world, place, May.PIN_MESSAGES)
    message = rig.world.message(place, call.args[1])
    need_open(place)
    message.pinned_at = None
    rig.news.message("MESSAGE_UPDATE", place, message)
    rig.news.pins(place)
    return None


def pins(rig: Rig, call: Call) -> Answer:
    """The newest pin first; `before` is an ISO time."""
    place = rig.world.channel(call.args[0])
    need(rig.world, place)
    if place.guild_id and not in_channel(rig.world, place, rig.world.bot.id) & May.READ_MESSAGE_HISTORY:
        return {"items": [], "has_more": False}
    limit = _limit(call.query.get("limit", "50"), 50)
    before = call.query.get("before")
    latest = datetime.fromisoformat(before) if before else rig.world.now() + timedelta(seconds=1)
    pinned = [(m.pinned_at, m) for m in place.messages.values() if m.pinned_at and m.pinned_at < latest]
    pinned.sort(key=lambda pair: (pair[0], pair[1].id), reverse=True)
    items = [{"pinned_at": iso(at), "message": shown(rig, place, m)} for at, m in pinned[:limit]]
    return {"items": items, "has_more": len(pinned) > limit}


ROUTES: Routes = {
    "POST /channels/{}/messages": create,
    "GET /channels/{}/messages": history,
    "GET /channels/{}/messages/pins": pins,
    "PUT /channels/{}/messages/pins/{}": pin,
    "DELETE /channels/{}/messages/pins/{}": unpin,
    "GET /channels/{}/messages/{}": fetch,
    "PATCH /channels/{}/messages/{}": edit,
    "DELETE /channels/{}/messages/{}": delete,
    "PUT /channels/{}/messages/{}/reactions/{}/@me": react,
    "DELETE /channels/{}/messages/{}/reactions/{}/@me": unreact,
    "DELETE /channels/{}/messages/{}/reactions/{}/{}": unreact,
    "GET /channels/{}/messages/{}/reactions/{}": reactors,
}
