"""The same adapter in simcord, a pretended Discord of somebody else's: what both say is more likely true."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import simcord

from adapters.discord import markers
from adapters.discord.adapter import DiscordAdapter
from bot.chat.cards import Markdown, examples, say
from bot.chat.forms import FieldErrors
from bot.chat.models import Place
from bot.chat.port import (
    ButtonPressed,
    CommandInvoked,
    FormSubmitted,
    History,
    MessageReceived,
    PersonUpdated,
    ShortcutUsed,
    SpaceConnected,
)
from bot.runtime.clock import SystemClock
from tests.adapters.discord.conftest import QUICK
from tests.contract.conftest import Notebook
from tests.contract.door import CARD, RecordingDoor

MARK = "0123456789abcdef01234567"


@dataclass
class Sim:
    env: simcord.Env
    bot: DiscordAdapter
    door: RecordingDoor
    guild: simcord.GuildHandle
    room: simcord.ChannelHandle
    ada: simcord.MemberActor

    @property
    def place(self) -> Place:
        return Place(f"discord:{self.guild.id}", str(self.room.id))


@asynccontextmanager
async def simulated() -> AsyncIterator[Sim]:
    """Not a fixture: simcord sets its clock in the context of the task that enters it."""
    door = RecordingDoor()
    bot = DiscordAdapter("no.token.needed", SystemClock().now, Notebook(), members=True, timings=QUICK)
    await bot.bind(door)
    async with simcord.run(bot.client) as env:
        await env.settle()
        guild = env.create_guild(name="Harbour School")
        await env.settle()
        room = guild.create_text_channel("staffroom")
        ada = guild.add_member(env.create_user("ada"))
        await env.settle()
        yield Sim(env, bot, door, guild, room, ada)


async def test_servers_and_people_are_told():
    async with simulated() as sim:
        assert [one.name for one in sim.door.of(SpaceConnected)][-1:] == ["Harbour School"]
        assert "ada" in {one.person.name for one in sim.door.of(PersonUpdated)}


async def test_every_command_option_and_answer():
    async with simulated() as sim:
        sim.door.will_answer(CommandInvoked, say("For you."), replace(say("For all."), public=True))
        shown = await sim.ada.slash(
            sim.room, "try all", word="two words", number=3, when="fri 09:00", who=sim.ada, where=sim.room
        )
        assert shown.ephemeral
        [called] = sim.door.of(CommandInvoked)
        assert (called.call.values["word"], called.call.values["who"], called.call.values["where"]) == (
            "two words", str(sim.ada.id), str(sim.room.id),
        )  # fmt: skip
        await sim.ada.slash(sim.room, "try aloud")
        assert len(sim.door.of(CommandInvoked)) == 2


async def test_a_post_is_found_by_the_numbers_it_carries():
    async with simulated() as sim:
        id = await sim.bot.post(sim.place, examples()[0], MARK)
        await sim.env.settle()
        assert await sim.bot.find(sim.place, MARK, sim.env.now() - timedelta(days=1)) == (id,)
        await sim.bot.update(sim.place, id, say("Something else."))
        assert await sim.bot.find(sim.place, MARK, sim.env.now() - timedelta(days=1)) == (id,)
        assert markers.mark(MARK) != markers.mark("other")


async def test_a_thread_its_answers_and_its_history():
    async with simulated() as sim:
        id = await sim.bot.post(sim.place, say("What did you notice?"), MARK)
        thread = await sim.bot.thread(sim.place, id, "Answers")
        assert thread == await sim.bot.thread(sim.place, id, "Answers")
        await sim.env.settle()
        inside = await sim.bot.post(thread, say("Inside."), "inside")
        history = await sim.bot.history(thread, None)
        assert isinstance(history, History)
        assert [one.id for one in history.messages] == [id, inside]
        await sim.bot.close(thread, closed=True)
        await sim.bot.delete(sim.place, id)
        await sim.bot.delete(sim.place, id)


async def test_buttons_selects_and_forms():
    async with simulated() as sim:
        await sim.bot.post(sim.place, CARD, MARK)
        await sim.env.settle()
        message = sim.room.last_message
        sim.door.will_answer(ButtonPressed, say("Done."))
        pressed = await sim.ada.click(message, label="Do it")
        assert [one.ephemeral for one in pressed.followups] == [True]
        form = await sim.ada.click(message, label="Words")
        sim.door.will_answer(FormSubmitted, FieldErrors({"short": "Too few words."}))
        await sim.ada.submit_modal(
            form, {"short": "hello", "long": "All of it.", "choice": "c", "choices": ["a"], "scale": "3"}
        )
        [sent] = sim.door.of(FormSubmitted)
        assert (sent.id, sent.fields["short"], sent.fields["choice"]) == ("try.words", "hello", "c")


async def test_messages_and_shortcuts():
    async with simulated() as sim:
        said = await sim.ada.send(sim.room, "Worth *keeping*.")
        await sim.env.settle()
        assert sim.door.of(MessageReceived)[-1].message.text == "Worth *keeping*."
        sim.door.will_answer(ShortcutUsed, say("Kept.", Markdown("Kept.")))
        await sim.ada.context_menu(sim.room, "Keep this", said)
        [used] = sim.door.of(ShortcutUsed)
        assert used.message.text == "Worth *keeping*."
