"""A town of invented people who use the core's own door, as a client would that checks nothing by itself."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from bot.chat import plain_text
from bot.chat.cards import Button, Buttons, Card, File, Select
from bot.chat.events import ButtonPressed, CommandInvoked, FormSubmitted, HomeOpened, PersonUpdated
from bot.chat.forms import FieldErrors, Form
from bot.chat.models import Person, Place
from bot.chat.parsing import command_line
from bot.people import accounts
from bot.people import tables as people
from tests.stories.stage import ROOM, Stage

ELSEWHERE = "local:elsewhere"
"""A space of another community."""


@dataclass(slots=True)
class Town:
    """A stage whose people talk to the core directly; each is what the platform shows of them now."""

    stage: Stage
    people: dict[str, Person]

    def joins(
        self, who: str, *facts: str, space: str = "", stranger: bool = False, bot: bool = False
    ) -> None:
        """Somebody is there, or is shown differently from now on."""
        name = f"{who.capitalize()} Quill"
        home = space or self.stage.space
        self.people[who] = Person(home, who, name, frozenset(facts), stranger=stranger, bot=bot)

    def place(self, who: str, where: str = "channel") -> Place:
        """The room of their space, a `thread` of it, or their `direct` message."""
        private = where == "direct"
        thread = "1" if where == "thread" else None
        return Place(self.people[who].space, f"d-{who}" if private else ROOM, thread, private)

    async def arrives(self, who: str) -> None:
        """The platform lists somebody."""
        await self.stage.app.dispatcher.hear(PersonUpdated(self.people[who]))

    async def asks(self, who: str, line: str, where: str = "channel") -> Card | Form:
        """The answer to a command."""
        app, place = self.stage.app, self.place(who, where)
        call = command_line.parse_call(app.dispatcher.menu, "", line)
        event = CommandInvoked(self.people[who], place, call)
        if call.opens:
            return await app.dispatcher.form(event)
        reply = await app.dispatcher.hear(event)
        assert isinstance(reply, Card)
        return reply

    async def presses(self, who: str, button: str, value: str, message: str | None = None) -> Card | None:
        """What a button answers; anybody can send any value."""
        event = ButtonPressed(self.people[who], self.place(who), button, value, message)
        reply = await self.stage.app.dispatcher.hear(event)
        return reply if isinstance(reply, Card) else None

    async def opens(self, who: str, form: str, value: str) -> Form | Card:
        """The form behind a button."""
        return await self.stage.app.dispatcher.form(
            ButtonPressed(self.people[who], self.place(who), form, value)
        )

    async def submits(self, who: str, form: str, value: str, **fields: object) -> Card | FieldErrors:
        """What a form answers that is sent; anybody can send any fields."""
        event = FormSubmitted(self.people[who], self.place(who), form, value, fields)
        reply = await self.stage.app.dispatcher.hear(event)
        assert reply is not None
        return reply

    async def opens_home(self, who: str) -> Card:
        """The bot's own page."""
        reply = await self.stage.app.dispatcher.hear(HomeOpened(self.people[who]))
        assert isinstance(reply, Card)
        return reply

    async def reads(self, who: str) -> str:
        """Every word that `/reflect read` shows to somebody, over all prompts and pages."""
        return "\n".join([page async for page in self._pages(who)])

    async def _pages(self, who: str) -> Any:
        waiting, seen = [""], {""}
        while waiting:
            value = waiting.pop()
            card = await self.presses(who, "reflect.read", value)
            assert card is not None
            yield words(card)
            for one in buttons(card):
                if one.does == "reflect.read" and one.value not in seen and one.label != "Newest":
                    seen.add(one.value)
                    waiting.append(one.value)

    async def finds(self, who: str, text: str) -> str:
        """Every word that `/find` shows to somebody, over all pages."""
        card = await self.asks(who, f"/find {text}")
        assert isinstance(card, Card)
        told = [words(card)]
        while turn := next((one for one in buttons(card) if one.label == "More results"), None):
            card = await self.presses(who, turn.does or "", turn.value) or card
            told.append(words(card))
        return "\n".join(told)

    async def kept(self) -> str:
        """Every word in the database."""
        return "\n".join(await self.stage.dump())

    async def row(self, query: Any) -> Any:
        """The first row of a query."""
        return await self.stage.app.store.read(lambda conn: conn.execute(query).first())

    async def member(self, who: str) -> int:
        """The id of a member."""
        one = self.people[who]
        found: int = (
            await self.row(
                select(accounts.account.c.member_id).where(
                    accounts.account.c.space == one.space, accounts.account.c.person == one.id
                )
            )
        )[0]
        return found


async def found_town(stage: Stage) -> Town:
    """A town on a stage, with a second community that has a space of its own."""

    def found(conn: Connection) -> None:
        now = stage.clock.now()
        home = people.ensure_community(conn, "elsewhere", "Elsewhere", "Europe/Dublin", now)
        people.see_space(conn, ELSEWHERE, "Elsewhere", home.id, now)

    await stage.app.store.write(found)
    return Town(stage, {})


def words(shown: Card | Form | FieldErrors | None) -> str:
    """Every word that is shown, those of a form's fields and in files too."""
    match shown:
        case Card():
            files = (file_words(one.data) for one in shown.blocks if isinstance(one, File))
            return "\n".join((plain_text.card_text(shown), *files))
        case Form():
            return "\n".join((shown.title, *(repr(field) for field in shown.fields)))
        case FieldErrors():
            return "\n".join(shown.errors.values())
        case None:
            return ""


def file_words(data: bytes) -> str:
    """Every word in a file, and in all files of a zip file."""
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return data.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        return "\n".join(whole.read(name).decode(errors="replace") for name in whole.namelist())


def buttons(card: Card) -> Iterator[Button]:
    """The buttons of a card."""
    for block in card.blocks:
        if isinstance(block, Buttons):
            yield from block.buttons


def selects(card: Card) -> Iterator[Select]:
    """The selects of a card."""
    return (block for block in card.blocks if isinstance(block, Select))
