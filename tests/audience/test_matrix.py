"""Everybody at every door: who may is as the table says, and forged ids and values show nothing of another's."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import Connection, select

from bot.chat.events import CommandInvoked, CompletionRequest, ShortcutUsed
from bot.chat.menu import Call, Command, OptionKind
from bot.chat.models import Message
from bot.reflections.answers.tables import answer, part
from bot.reflections.prompts import bank
from bot.reflections.prompts.model import Question
from bot.reflections.prompts.prompt_form import plain_prompt
from tests.audience.table import BUTTONS, COMMANDS, FORMS, PEOPLE, RANKS, SECRETS, SHORTCUTS
from tests.audience.town import ELSEWHERE, Town, found_town, words
from tests.seeds import seeds
from tests.stories.stage import staged

SAMPLES = {
    "team add": "/team add <@nobody> North",
    "team remove": "/team remove <@nobody> North",
    "team rename": "/team rename North North",
    "team place": "/team place team:North",
    "team meet": "/team meet team:North",
}
"""Lines that name the team, for commands that ask who leads it."""
MOVES = ("team join", "team add", "team lead", "my.join", "plan.publish")
"""What makes somebody a mate of the author by right, or shares what is the team's: left out where it is looked for who sees too much."""
NOTES = (("me", "plum"), ("moderators", "amber"), ("team", "olive"), ("everyone", "coral"))


@asynccontextmanager
async def peopled(tmp_path, *, secrets: bool = True) -> AsyncIterator[Town]:
    """A town with everybody of the table in it, and what the author said in four weeks."""
    async with staged(tmp_path, "local") as stage:
        town = await found_town(stage)
        for who, rank in PEOPLE.items():
            facts = (rank,) if rank in ("moderator", "admin") else ()
            space = ELSEWHERE if who == "other" else ""
            town.joins(who, *facts, space=space, stranger=who == "guest", bot=who == "robot")
            if who not in ("guest", "robot"):
                await town.asks(who, "/tilth")
        for team, mates in (("North", ("author", "mate", "lead")), ("South", ("outsider", "moderator"))):
            await town.asks("moderator", f"/team create {team}")
            for who in mates:
                await town.asks(who, f"/team join {team}")
        await town.asks("moderator", "/team lead <@lead> North")
        await stage.app.store.write(fill_deck)
        await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d deck:colors")
        if secrets:
            await tell_secrets(town)
        yield town


def fill_deck(conn: Connection) -> None:
    """Four prompts that take any words."""
    for number in range(4):
        ask = f"What did you notice in week {number}?"
        bank.add_prompt(conn, 1, "colors", plain_prompt(ask, (Question(ask),)))


async def tell_secrets(town: Town) -> None:
    """The author answers four weeks for four audiences; whoever was erased answers, is erased and comes back."""
    stage = town.stage
    for week, (sharing, color) in enumerate(NOTES, 1):
        await stage.until(f"2026-10-{5 + 7 * (week - 1):02} 09:00")
        value = f"o{week}"
        kept = await town.submits("author", "reflect.answer", value, q0=f"the {color} note", sharing=sharing)
        assert f"the {color} note" in words(kept)
        if week == 1:
            await town.submits("returned", "reflect.answer", value, q0="the erased note", sharing="everyone")
            await town.submits("returned", "my.delete", "", word="DELETE")
    sent = await town.submits("mate", "talk.reply", "a4", text="the quiet reply")
    assert "the quiet reply" in await town.kept(), words(sent)
    await town.asks("author", "/course join c2")
    await town.presses("author", "course.join", "c2")
    await stage.later(minutes=1)
    await town.asks("author", "/course done c2.1 -- the lesson note")
    await town.asks("author", "/reflect suggest the suggested words?")
    await town.submits("author", "plan.write", "voices/t1/v0", said="the violet note", students="Grade 7")
    sent = await town.submits(
        "mate", "strategy.write", "m/author/c1/1", what="The indigo idea", happened="the indigo note"
    )
    assert "Author Quill" in words(sent)
    [shared] = await town.row(select(answer.c.id).where(answer.c.sharing == "everyone"))
    sent = await town.submits("mate", "talk.reply", f"a{shared}", text="the private note")
    assert "Author Quill" in words(sent)


# ── who may ───────────────────────────────────────────────────────────────────


def ranked(who: str, rank: str) -> bool:
    return bool(PEOPLE[who]) and RANKS.index(PEOPLE[who]) >= RANKS.index(rank)


def those_asked(number: int, seed: int) -> Iterator[str]:
    """All but the plain members, and one of these, another one each time."""
    members = [who for who, rank in PEOPLE.items() if rank == "member"]
    yield members[(number + seed) % len(members)]
    yield from (who for who in PEOPLE if who not in members)


def refused(shown: object) -> bool:
    return words(shown).startswith("Only a")  # type: ignore[arg-type]


def test_every_door_has_a_row_in_the_table(tmp_path):
    from bot.playground.bare_app import bare_app
    from bot.settings.environment import load

    with bare_app(load(_env_file=None)) as app:
        features = app.features
    assert {one.command.path for each in features for one in each.commands} <= set(COMMANDS)
    assert {one.id for each in features for one in each.buttons} <= set(BUTTONS)
    assert {one.id for each in features for one in each.forms} <= set(FORMS)
    assert {one.id for each in features for one in each.shortcuts} <= set(SHORTCUTS)


def rows_of(town: Town, door: str) -> list[tuple[str, str]]:
    """The rows of the doors that there are."""
    found: dict[str, set[str]] = {
        "commands": {one.command.path for each in town.stage.app.features for one in each.commands},
        "buttons": {one.id for each in town.stage.app.features for one in each.buttons},
        "forms": {one.id for each in town.stage.app.features for one in each.forms},
    }
    table = {"commands": COMMANDS, "buttons": BUTTONS, "forms": FORMS}[door]
    return [(name, rank) for name, rank in table.items() if name in found[door]]


@pytest.mark.parametrize("seed", seeds(1, 5))
async def test_who_may_use_a_door_is_as_the_table_says(tmp_path, seed):
    async with peopled(tmp_path, secrets=False) as town:
        app, wrong = town.stage.app, []
        for number, (path, rank) in enumerate(rows_of(town, "commands")):
            for who in those_asked(number, seed):
                where = ("channel", "thread", "direct")[(number + seed) % 3]
                shown = await town.asks(who, SAMPLES.get(path, f"/{path}"), where)
                about_their_team = rank == "lead" and who == "other"  # there is no team of this name there
                if refused(shown) is ranked(who, rank) and not about_their_team:
                    wrong.append((path, who, words(shown)))
        for team in (
            "North",
            "South",
        ):  # a button without a value is about no team then; who leads is asked of the commands
            await town.asks("moderator", f"/team archive {team}")
        for number, (button, rank) in enumerate(rows_of(town, "buttons")):
            for who in those_asked(number, seed):
                shown = await town.presses(who, button, "")
                wrong += [(button, who)] if refused(shown) is ranked(who, rank) else []
        for number, (form, rank) in enumerate(rows_of(town, "forms")):
            for who in those_asked(number, seed):
                shown = (await town.opens(who, form, ""), await town.submits(who, form, ""))
                wrong += [(form, who, words(one)) for one in shown if refused(one) is ranked(who, rank)]
        for number, (shortcut, rank) in enumerate(SHORTCUTS.items()):
            for who in those_asked(number, seed):
                event = ShortcutUsed(town.people[who], town.place(who), shortcut, own_message(town, who))
                shown = await (
                    app.dispatcher.form(event) if shortcut in FORMS else app.dispatcher.hear(event)
                )
                wrong += [(shortcut, who)] if refused(shown) is ranked(who, rank) else []
        assert wrong == []


def own_message(town: Town, who: str) -> Message:
    at = town.stage.clock.now()
    return Message(town.place(who), "99", town.people[who], "My own words.", at, at)


# ── what is seen ──────────────────────────────────────────────────────────────

VALUES = (
    "", "x", "1", "t1", "t1/1", "t1/e1", "t1/voices", "voices/t1/e1", "voices/t1/e1/v1", "t1/e1/1", "c1", "c1.1", "c2.1", "1/o1", "3/o4", "0||", "1||note", "d1", "d1/2026-W41", "s1", "p1",
    "p9999999999999999.9999", "o1/9999999999999999.999999/-", "o3/9999999999999999.999999/-", "o4/0.0/0",
    "w1", "w1/1", "w1/0", "strategy/1", "answer/1", "answer/4", "0|||||note", "0|||||indigo", *(f"o{number}" for number in range(1, 5)), *(f"u{number}" for number in range(1, 3)),
)  # fmt: skip
ANSWERS = tuple(
    f"a{number}{after}" for number in range(1, 6) for after in ("", "/everyone", "/0", "/w", "/o4")
)


def seen_too_much(who: str, shown: object) -> list[str]:
    """The secrets in something shown that are not for whoever sees it."""
    text = words(shown)  # type: ignore[arg-type]
    return [secret for secret, readers in SECRETS.items() if secret in text and who not in readers]


def forged_calls(command: Command) -> Iterator[Call]:
    """A command with every id there might be, filled in as no parser would."""
    for number in range(1, 6):
        values: dict[str, object] = {}
        for option in command.options:
            match option.kind:
                case OptionKind.ID:
                    values[option.name] = f"2.{number}" if option.letter.endswith(".") else number
                case OptionKind.MEMBER:
                    values[option.name] = "author"
                case OptionKind.CHANNEL:
                    values[option.name] = "c1"
                case OptionKind.CHOICE:
                    values[option.name] = option.choices[number % len(option.choices)]
                case OptionKind.WORD | OptionKind.NAME:
                    values[option.name] = ("North", "note", "a1", "author", "weekly")[number - 1]
                case _:
                    pass
        yield Call(command, values, f"/{command.path}")
        if not command.options:
            return


async def test_everybody_reads_through_the_reading_page_what_the_table_says(tmp_path):
    async with peopled(tmp_path) as town:
        answers = [secret for secret in SECRETS if secret.split()[1] in {color for _, color in NOTES}]
        for who, rank in PEOPLE.items():
            if rank and who != "author":
                shown = await town.reads(who)
                assert {one for one in answers if one in shown} == {
                    one for one in answers if who in SECRETS[one]
                }, who
                assert seen_too_much(who, await town.opens_home(who)) == []
        before = await told(town)
        assert before == {(f"the {color} note", sharing) for sharing, color in NOTES}


@pytest.mark.parametrize("seed", seeds(1, 10))
async def test_forged_ids_and_values_show_and_change_nothing_of_anothers(tmp_path, seed):
    chance = random.Random(seed)
    async with peopled(tmp_path) as town:
        app, before = town.stage.app, await told(town)
        viewers = [who for who in PEOPLE if who != "author"]
        leaks: list[tuple[str, ...]] = []

        def look(who: str, door: str, value: str, shown: object) -> None:
            leaks.extend((who, door, value, secret) for secret in seen_too_much(who, shown))

        for button, _ in rows_of(town, "buttons"):
            mine = ANSWERS if button.startswith("reflect.") else chance.sample(ANSWERS, 2)
            for value in (*mine, *chance.sample(VALUES, 4)):
                who = chance.choice(viewers)
                if button not in MOVES:
                    look(who, button, value, await town.presses(who, button, value))
        for form, _ in rows_of(town, "forms"):
            for value in (*chance.sample(ANSWERS, 4), *chance.sample(VALUES, 3)):
                who = chance.choice(viewers)
                look(who, form, value, await town.opens(who, form, value))
                fields = {"q0": "Other words.", "sharing": "everyone", "text": "Other words."}
                look(who, form, value, await town.submits(who, form, value, **fields))
        for path, _ in rows_of(town, "commands"):
            command = app.dispatcher.menu.find(*_parts(path))
            assert command is not None, path
            for call in forged_calls(command) if path not in MOVES else ():
                who = chance.choice(viewers)
                event = CommandInvoked(town.people[who], town.place(who), call)
                ask = app.dispatcher.form if command.opens else app.dispatcher.hear
                look(who, path, str(call.values), await ask(event))
            for option in command.options if command is not None else ():
                who = chance.choice(viewers)
                typing = CompletionRequest(
                    town.people[who], town.place(who), command.noun, command.verb, option.name, ""
                )
                pairs = await app.dispatcher.complete(typing)
                told_pairs = " ".join(" ".join(pair) for pair in pairs)
                leaks.extend(
                    (who, path, option.name, one)
                    for one, may in SECRETS.items()
                    if one in told_pairs and who not in may
                )
        assert leaks == []
        assert await told(town) == before


def _parts(path: str) -> tuple[str, str]:
    noun, _, verb = path.partition(" ")
    return noun, verb


async def told(town: Town) -> set[tuple[str, str]]:
    """The author's answers as they are stored: text and audience."""
    author = await town.member("author")
    query = (
        select(part.c.text, answer.c.sharing)
        .join(answer, answer.c.id == part.c.answer_id)
        .where(answer.c.member_id == author, answer.c.withdrawn_at.is_(None))
    )
    rows = await town.stage.app.store.read(lambda conn: conn.execute(query).all())
    return {(row.text, row.sharing) for row in rows}
