"""Serves the page with the stand-in bot and a little talk: `python -m tests.browser.demo`."""

from __future__ import annotations

import asyncio

from adapters.local.adapter import LocalAdapter
from adapters.local.page.server import Playground
from bot.chat.card_examples import examples
from bot.chat.models import Place
from bot.runtime.web import Listener
from tests.browser.stand_in import COUNTRY, ZONE, StandInDoor, StandInStage, stand_in


async def chat_a_little(adapter: LocalAdapter, door: StandInDoor, stage: StandInStage) -> None:
    """A weekend and a Monday in the life of a small community."""
    await adapter.start(door)
    here = Place(adapter.space, "reflections")
    await adapter.say(
        "maren",
        "reflections",
        "Good afternoon all. The first prompt comes on **Monday at nine**; take two minutes, not twenty.",
    )
    await adapter.say(
        "adaeze",
        "reflections",
        "@Maren Holt lovely, I will bring the notes from [last term](https://example.org/notes):\n\n- wait time\n- who speaks first\n- `exit tickets`",
    )
    hello = await adapter.say("kenji", "reflections", "See you Monday!")
    await adapter.react("maren", "reflections", hello, "🌱")
    await adapter.react("adaeze", "reflections", hello, "🌱")
    await stage.go_to_next()
    root = adapter.world.look("reflections")[-1].id
    await adapter.thread(here, root, "Week 1")
    one = await adapter.say(
        "adaeze",
        "reflections",
        "A boy who never speaks explained fractions to the whole table. I had expected *silence*.",
        root,
    )
    await adapter.say("kenji", "reflections", "What did you do differently?", root, one)
    await adapter.edit(
        "adaeze",
        "reflections",
        one,
        "A boy who never speaks explained fractions to the whole table. I had expected *silence*, and I nearly stepped in.",
    )
    await adapter.say("tomas", "staffroom", "Anyone have the key to room 12?")
    await adapter.command("tomas", "reflections", "/reflect history")
    await adapter.command("tomas", "reflections", "/refelct answer -- We tried wait time.")
    await adapter.post(Place(adapter.space, "course-talk"), examples()[0], "example")


async def serve() -> None:
    adapter, door, stage = stand_in(running=True)
    await chat_a_little(adapter, door, stage)
    page = Playground(adapter, stage, zone=ZONE, country=COUNTRY)
    await page.start(Listener)
    print(page.url)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
