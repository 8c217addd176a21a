"""What people do with the bot's own things: commands, buttons, selects, shortcuts."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

from tests.fakes.slack import events
from tests.fakes.slack.answers import Args, SlackError
from tests.fakes.slack.heard import Heard
from tests.fakes.slack.inputs import KEYS, NotPossible, find, given_state, initial_state, interactive
from tests.fakes.slack.mrkdwn import escape
from tests.fakes.slack.responses import Ticket
from tests.fakes.slack.views_shape import OpenView
from tests.fakes.slack.world import Json

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack

CHOOSABLE = set(KEYS) | {"overflow"}
NAMES = {"im": "directmessage", "group": "privategroup", "mpim": "privategroup"}


class Clicking:
    """The part of the server in which people press and command."""

    async def slash(self: FakeSlack, user: str, channel: str, text: str) -> Heard:
        """Type a command with everything after it, for example "/tilth prompt add". Where it was typed: a channel.

        What the bot answers with its ack is shown, to everybody only with `response_type: in_channel`.
        """
        command, _, rest = text.partition(" ")
        if not self.manifest.open and command not in self.manifest.commands:
            raise NotPossible(f"{command} is not a valid command: it is not in the manifest")
        place, person = self.world.channels[channel], self.world.people[user]
        if user not in place.members:
            raise NotPossible(f"{person.real_name} is not in #{place.name or place.id}")
        payload = {
            "token": self.verification_token,
            "team_id": self.team,
            "team_domain": self.world.domain,
            "channel_id": channel,
            "channel_name": NAMES.get(place.kind, place.name),
            "user_id": user,
            "user_name": person.handle,
            "command": command,
            "text": self._command_text(command, rest.strip()),
            "api_app_id": self.world.app,
            "is_enterprise_install": "false",
            "response_url": self.responses.url(user, channel),
            "trigger_id": self.triggers.give(user),
        }
        ack = await self.delivery.interaction("slash_commands", payload)
        if ack.ok and ack.body:
            body = {"text": ack.body} if isinstance(ack.body, str) else ack.body
            try:
                self.responses.say(Ticket(user, channel, 0), Args(body))
            except SlackError as error:
                self.problems.append(f"the answer to {command} was refused: {error.body}")
        return Heard((ack,), channel=channel)

    def _command_text(self: FakeSlack, command: str, text: str) -> str:
        """With should_escape, people, channels and links arrive as entities; without, as they are read."""
        people = {p.handle: p.id for p in self.world.people.values()}
        channels = {c.name: c.id for c in self.world.channels.values() if c.name}
        if not self.manifest.escapes(command):
            text = re.sub(r"<@([UW]\w+)>", lambda m: "@" + self.world.people[m[1]].handle, text)
            return re.sub(r"<#(C\w+)>", lambda m: "#" + self.world.channels[m[1]].name, text)

        def word(found: re.Match[str]) -> str:
            sign, name = found[1], found[2]
            known = people if sign == "@" else channels
            key = known.get(name) or (name if name in known.values() else None)
            if key is None:
                return escape(found[0])
            label = self.world.people[key].handle if sign == "@" else self.world.channels[key].name
            return f"<{sign}{key}|{label}>"

        def part(n: int, piece: str) -> str:
            if n % 2 == 0:
                return escape(piece)
            return f"<{escape(piece)}>" if "://" in piece else re.sub(r"<?([@#])([\w.-]+)>?", word, piece)

        pieces = re.split(r"(<[@#]\w+>|(?<!\S)[@#][\w.-]*\w|https?://\S+)", text)
        return "".join(part(n, piece) for n, piece in enumerate(pieces))

    # ── buttons and selects ───────────────────────────────────────────────────

    async def click(self: FakeSlack, user: str, where: Json, button: str, *, forged: bool = False) -> Heard:
        """Press a button, by its label, action_id or value, on a message, a whisper or a view.

        `forged`: on somebody else's whisper or view, as a tampered client would.
        """
        return await self._use(user, where, button, {"button"}, None, forged)

    async def choose(
        self: FakeSlack, user: str, where: Json, element: str, value: Any, *, forged: bool = False
    ) -> Heard:
        """Choose in a select, picker, radio, checkboxes or overflow, or type into an input.

        Inside a modal's input block this tells the bot only if the block has `dispatch_action`.
        """
        return await self._use(user, where, element, CHOOSABLE, value, forged)

    async def _use(
        self: FakeSlack, user: str, where: Json, called: str, kinds: set[str], value: Any, forged: bool
    ) -> Heard:
        if not self.manifest.interactive:
            raise NotPossible("the app has no interactivity in its manifest")
        view = self._view(user, where, forged)
        message = None if view else self._current(user, where, forged)
        blocks = view.json["blocks"] if view else message["blocks"] if message else []
        block, element = find(blocks, called, kinds)
        action = self._action(block, element, value)
        if view and element["type"] in KEYS:
            view.typed[block["block_id"], element["action_id"]] = given_state(element, value)
        if block["type"] == "input" and not block.get("dispatch_action"):
            return Heard()
        payload = self.interaction(user, "block_actions", triggered=True) | {"actions": [action]}
        if view:
            payload |= {"container": {"type": "view", "view_id": view.json["id"]}, "view": view.payload()}
        elif message:
            payload |= self._on_message(user, message, block, action)
        return Heard((await self.delivery.interaction("interactive", payload),))

    def _action(self: FakeSlack, block: Json, element: Json, value: Any) -> Json:
        action = {
            "type": element["type"],
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "action_ts": self.world.ts(),
        }
        if element["type"] == "button":
            return action | {
                k: copy.deepcopy(element[k]) for k in ("text", "value", "style", "url") if k in element
            }
        if element["type"] == "overflow":
            state = given_state(element | {"type": "static_select"}, value)
            return action | {"selected_option": state["selected_option"]}
        extra = {k: copy.deepcopy(element[k]) for k in ("placeholder",) if k in element}
        return action | given_state(element, value) | extra

    def _on_message(self: FakeSlack, user: str, message: Json, block: Json, action: Json) -> Json:
        channel = self.world.channels[message["channel"]]
        hidden = bool(message.get("is_ephemeral"))
        container = {
            "type": "message",
            "message_ts": message["ts"],
            "channel_id": channel.id,
            "is_ephemeral": hidden,
        }
        if "thread_ts" in message:
            container["thread_ts"] = message["thread_ts"]
        values: Json = {}
        for b, e in interactive(message["blocks"]):
            if e["type"] in KEYS:
                chosen = (b["block_id"], e["action_id"]) == (block["block_id"], action["action_id"])
                state = {"type": e["type"], KEYS[e["type"]][0]: action.get(KEYS[e["type"]][0])}
                values.setdefault(b["block_id"], {})[e["action_id"]] = state if chosen else initial_state(e)
        payload = {
            "container": container,
            "channel": {"id": channel.id, "name": NAMES.get(channel.kind, channel.name)},
            "state": {"values": values},
            "response_url": self.responses.url(user, channel.id, message["ts"]),
        }
        return (
            payload
            if hidden
            else payload | {"message": events.bare({k: v for k, v in message.items() if k != "channel"})}
        )

    def _view(self: FakeSlack, user: str, where: Json, forged: bool = False) -> OpenView | None:
        if not str(where.get("id", "")).startswith("V"):
            return None
        for view in self.views_open():
            if view.json["id"] == where["id"] and (forged or view.user == user):
                return view
        raise NotPossible("this view is not on their screen any more")

    def _current(self: FakeSlack, user: str, where: Json, forged: bool = False) -> Json:
        """The message as it is now, with its channel."""
        for owner, whispers in self.world.ephemerals.items():
            for hidden in whispers:
                if hidden["ts"] == where["ts"] and (forged or owner == user):
                    return hidden
        channel = self.world.channels[where["channel"]]
        if user not in channel.members and channel.kind != "channel":
            raise NotPossible("they cannot see this channel")
        if where["ts"] not in channel.messages:
            raise NotPossible("this message is not there any more")
        return {"blocks": []} | channel.messages[where["ts"]] | {"channel": channel.id}

    # ── shortcuts and suggestions ─────────────────────────────────────────────

    async def message_shortcut(self: FakeSlack, user: str, message: Json, callback_id: str) -> Heard:
        """Use one of the app's shortcuts in a message's menu."""
        self._has_shortcut("message", callback_id)
        current = self._current(user, message)
        if current.get("is_ephemeral"):
            raise NotPossible("what only one person sees has no shortcuts")
        channel = self.world.channels[current["channel"]]
        payload = self.interaction(user, "message_action", triggered=True) | {
            "callback_id": callback_id,
            "action_ts": self.world.ts(),
            "message_ts": current["ts"],
            "message": events.bare(self.world.shown(channel, channel.messages[current["ts"]])),
            "channel": {"id": channel.id, "name": NAMES.get(channel.kind, channel.name)},
            "response_url": self.responses.url(user, channel.id),
        }
        return Heard((await self.delivery.interaction("interactive", payload),))

    async def global_shortcut(self: FakeSlack, user: str, callback_id: str) -> Heard:
        """Use one of the app's shortcuts in the compose box or the search."""
        self._has_shortcut("global", callback_id)
        payload = self.interaction(user, "shortcut", triggered=True) | {
            "callback_id": callback_id,
            "action_ts": self.world.ts(),
        }
        return Heard((await self.delivery.interaction("interactive", payload),))

    def _has_shortcut(self: FakeSlack, kind: str, callback_id: str) -> None:
        if not self.manifest.open and (kind, callback_id) not in self.manifest.shortcuts:
            raise NotPossible(f"there is no {kind} shortcut {callback_id!r} in the manifest")

    async def suggest(self: FakeSlack, user: str, where: Json, element: str, text: str) -> Heard:
        """Type into an external select; the body of what is heard has the `options`."""
        view = self._view(user, where)
        message = None if view else self._current(user, where)
        blocks = view.json["blocks"] if view else message["blocks"] if message else []
        block, found = find(blocks, element, {"external_select", "multi_external_select"})
        payload = self.interaction(user, "block_suggestion") | {
            "action_id": found["action_id"],
            "block_id": block["block_id"],
            "value": text,
        }
        if view:
            payload |= {"container": {"type": "view", "view_id": view.json["id"]}, "view": view.payload()}
        elif message:
            container = {"type": "message", "message_ts": message["ts"], "channel_id": message["channel"]}
            payload |= {"container": container, "channel": {"id": message["channel"]}}
        return Heard((await self.delivery.interaction("interactive", payload),))

    def interaction(self: FakeSlack, user: str, kind: str, triggered: bool = False) -> Json:
        """What every interaction carries."""
        person = self.world.people[user]
        payload = {
            "type": kind,
            "team": {"id": self.team, "domain": self.world.domain},
            "user": {"id": user, "username": person.handle, "name": person.handle, "team_id": self.team},
            "api_app_id": self.world.app,
            "token": self.verification_token,
            "enterprise": None,
            "is_enterprise_install": False,
        }
        return payload | ({"trigger_id": self.triggers.give(user)} if triggered else {})
