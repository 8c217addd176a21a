"""What people ask of the bot: commands, buttons, selects, context menus, and completions while they type."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.fakes.discord import options as opts
from tests.fakes.discord.acting import Acting
from tests.fakes.discord.component_limits import BUTTON, LINK, SELECTS, walk
from tests.fakes.discord.errors import Impossible
from tests.fakes.discord.filling import filled_form
from tests.fakes.discord.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, FORM, Interaction
from tests.fakes.discord.permissions import May, in_channel
from tests.fakes.discord.seeing import Handle
from tests.fakes.discord.world import EPHEMERAL, Channel, Message, User

Json = dict[str, Any]
KINDS_OF_SELECT = {5: opts.USER, 6: opts.ROLE, 7: opts.ANYBODY, 8: opts.CHANNEL}


class Asking(Acting):
    """Each function waits for the bot's first answer, at most as long as Discord does (`answer_within`)."""

    async def slash(self, user: User, place: Channel, command: str, /, **options: Any) -> Interaction:
        """Call `"noun verb"` with options by name; people, channels and roles are given as such."""
        return await self._ask(self.slash_unanswered(user, place, command, **options))

    def slash_unanswered(self, user: User, place: Channel, command: str, /, **options: Any) -> Interaction:
        """The same without waiting."""
        found, data, leaf = self._chosen(user, place, command, options)
        pairs = [(o["type"], o["value"]) for o in leaf if o["type"] in (6, 7, 8, 9, 11)]
        if pairs:
            data["resolved"] = opts.resolved(self, place, user, pairs)
        return self.asked.new(COMMAND, user, place, data, name=found["name"])

    async def autocomplete(
        self, user: User, place: Channel, command: str, option: str, text: str, /, **options: Any
    ) -> list[tuple[str, Any]]:
        """What is offered, as (name, value), when somebody has typed `text` into an option."""
        _, data, leaf = self._chosen(user, place, command, {**options, option: text}, focus=option)
        if not any(o.get("focused") for o in leaf):
            raise Impossible(f"there is no option {option}")
        it = await self._ask(self.asked.new(AUTOCOMPLETE, user, place, data, name=command))
        return [(c["name"], c["value"]) for c in it.choices or []]

    async def context_menu(
        self, user: User, name: str, target: Handle | User, place: Channel | None = None
    ) -> Interaction:
        """Choose an entry from the menu of a message, or (with a `place`) of a person."""
        if isinstance(target, User):
            assert place is not None, "say in which channel the person was clicked"
            command = self._command(user, place, name, 2)
            pairs = [(opts.USER, str(target.id))]
            found = opts.resolved(self, place, user, pairs)
            target_id = target.id
        else:
            message = self.find(target)
            place = self.world.channel(message.channel_id)
            command = self._command(user, place, name, 3)
            found = opts.resolved_message(self, message)
            target_id = message.id
        data: Json = {"id": command["id"], "name": name, "type": command["type"], "target_id": str(target_id)}
        data["resolved"] = found
        return await self._ask(self.asked.new(COMMAND, user, place, data, name=name))

    async def press(self, user: User, message: Handle, button: str) -> Interaction:
        """Press a button by its label or custom id."""
        found, place = self._visible(user, message)
        part = self._part(found, button, (BUTTON,))
        if part["style"] == LINK:
            raise Impossible(f"{button} only opens a link")
        data = {"component_type": BUTTON, "custom_id": part["custom_id"], "id": part["id"]}
        return await self._ask(self.asked.new(COMPONENT, user, place, data, source=found))

    async def choose(self, user: User, message: Handle, select: str, *values: Any) -> Interaction:
        """Choose in a select (by placeholder or custom id): options by label or value, or people and so on."""
        found, place = self._visible(user, message)
        part = self._part(found, select, SELECTS)
        if not part.get("min_values", 1) <= len(values) <= part.get("max_values", 1):
            raise Impossible(
                f"{select} takes {part.get('min_values', 1)} to {part.get('max_values', 1)} values"
            )
        data: Json = {"component_type": part["type"], "custom_id": part["custom_id"], "id": part["id"]}
        if part["type"] == 3:
            data["values"] = [option_value(part, v) for v in values]
        else:
            kind = KINDS_OF_SELECT[part["type"]]
            data["values"] = [str(v.id) for v in values]
            data["resolved"] = opts.resolved(self, place, user, [(kind, v) for v in data["values"]])
        return await self._ask(self.asked.new(COMPONENT, user, place, data, source=found))

    async def submit(self, user: User, values: Json | None = None, /, **more: Any) -> Interaction:
        """Send off the open form; values by label or custom id, what is absent keeps what the form shows."""
        if user.id not in self.asked.open_modals:
            raise Impossible(f"{user.name} has no form open")
        opener, modal = self.asked.open_modals[user.id]
        data = filled_form(self, opener.place, user, modal, {**(values or {}), **more})
        del self.asked.open_modals[user.id]
        return await self._ask(self.asked.new(FORM, user, opener.place, data, source=opener.source))

    async def dismiss(self, user: User) -> None:
        """Close the form without sending it; the bot never hears of that."""
        self.asked.open_modals.pop(user.id, None)
        await asyncio.sleep(0)

    # ── inside ────────────────────────────────────────────────────────────────

    async def _ask(self, it: Interaction) -> Interaction:
        try:
            async with asyncio.timeout(self.answer_within.total_seconds()):
                await it.done.wait()
        except TimeoutError:
            it.failed = True
        return it

    def _chosen(
        self, user: User, place: Channel, command: str, options: Json, focus: str | None = None
    ) -> tuple[Json, Json, list[Json]]:
        """The command, the data of its interaction, and the filled-in options."""
        self.archive_sleepy()
        name, *path = command.removeprefix("/").split()
        found = self._command(user, place, name, 1)
        chain, known = opts.descend(found, path)
        leaf = opts.filled(self, known, options, focus)
        inner = leaf
        for step in reversed(chain):
            inner = [{"name": step["name"], "type": step["type"], "options": inner}]
        data: Json = {"id": found["id"], "name": found["name"], "type": 1, "options": inner}
        if "guild_id" in found:
            data["guild_id"] = found["guild_id"]
        return found, data, leaf

    def _command(self, user: User, place: Channel, name: str, kind: int) -> Json:
        """A command that this person is offered here; those of the server win over global ones."""
        known = [*self.commands.get(place.guild_id, []), *self.commands.get(None, [])]
        if place.guild_id is None:
            known = self.commands.get(None, [])
        found = next((c for c in known if c["name"] == name and c["type"] == kind), None)
        if found is None:
            raise Impossible(f"no command {name!r} is offered here: {[c['name'] for c in known]}")
        contexts = found.get("contexts")
        context = 1 if place.guild_id is None else 0
        if contexts is not None and context not in contexts:
            raise Impossible(f"{name} is not offered in this kind of place")
        has = in_channel(self.world, place, user.id)
        needed = found.get("default_member_permissions")
        if needed is not None and place.guild_id is not None and has & int(needed) != int(needed):
            raise Impossible(f"{name} is hidden from {user.name}")
        self._may(user, place, May.USE_APPLICATION_COMMANDS)
        return found

    def _visible(self, user: User, message: Handle) -> tuple[Message, Channel]:
        found = self.find(message)
        place = self.world.channel(found.channel_id)
        if found.flags & EPHEMERAL and found.seen_by != user.id:
            raise Impossible(f"{user.name} does not see this message")
        self._may(user, place, May.VIEW_CHANNEL)
        return found, place

    def _part(self, message: Message, name: str, kinds: tuple[int, ...]) -> Json:
        parts = [p for _, p in walk(message.components) if p["type"] in kinds]
        for key in ("custom_id", "label", "placeholder"):
            for part in parts:
                if part.get(key) == name:
                    if part.get("disabled"):
                        raise Impossible(f"{name} is disabled")
                    return part
        offered = [p.get("label") or p.get("placeholder") or p.get("custom_id") for p in parts]
        raise Impossible(f"there is no {name!r} on this message, only {offered}")


def option_value(part: Json, wanted: Any) -> str:
    """The value of an option given by value or label."""
    for key in ("value", "label"):
        for option in part.get("options") or []:
            if option[key] == wanted:
                return str(option["value"])
    raise Impossible(f"{wanted!r} is no option, only {[o['label'] for o in part.get('options') or []]}")
