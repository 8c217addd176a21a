"""Whoever was told who to call can say that nobody is in danger, or ask a moderator to contact them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.chat.events import ButtonPressed
from bot.chat.models import Person, Place
from bot.danger.tables import danger_pause
from bot.settings.model import CommunitySettings
from tests.stories.stage import staged
from tests.stories.test_danger import CALL, FEAR, told

SAFE = "Nobody is in danger: save what I write"
ASK = "Ask a moderator to contact me"


def card(stage, who, thread=None):
    """The newest card that tells somebody who to call."""
    seen = stage.thread(who, thread) if thread is not None else stage.room(who)
    return [one for one in (*seen, *stage.inbox(who)) if one.own and CALL in stage.text(one)][-1]


async def pauses(stage):
    return await stage.app.store.read(lambda conn: conn.execute(select(danger_pause)).all())


async def erase(stage, who):
    form = await stage.asks(who, "/my data delete")
    await stage.fills_in(who, form, word="DELETE")
    await stage.later(minutes=1)


async def test_whoever_says_that_nobody_is_in_danger_sends_it_again_and_it_is_the_answer(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.says("ada", FEAR, thread=prompt)
    shown = await stage.presses("ada", card(stage, "ada", prompt), SAFE)
    assert "Please send it again: until 10:00" in stage.text(shown)
    await stage.says("ada", FEAR, thread=prompt)
    assert await stage.answers() == {"Ada Quinn": FEAR}
    assert len(told(stage, "ada", prompt)) == 1
    await stage.says("ben", FEAR, thread=prompt)
    assert await stage.answers() == {"Ada Quinn": FEAR}, "what others write is looked through as before"


async def test_the_hour_holds_for_every_way_of_writing_and_then_it_is_over(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.writes_to_the_bot("ada", FEAR)
    press = card(stage, "ada")
    await stage.presses("ada", press, SAFE)
    await stage.later(minutes=30)
    await stage.presses("ada", press, SAFE)
    [row] = await pauses(stage)
    assert not hasattr(row, "text")
    assert CALL not in stage.text(await stage.asks("ada", f"/reflect history find:'{FEAR}'"))
    form = await stage.presses("ada", prompt, "Answer or edit")
    assert CALL not in stage.text(await stage.fills_in("ada", form, q0=FEAR))
    assert await stage.answers() == {"Ada Quinn": FEAR}
    before = len(told(stage, "ada"))
    await stage.later(minutes=61)
    await stage.writes_to_the_bot("ada", f"{FEAR} I do not know what to do.")
    assert len(told(stage, "ada")) == before + 1
    assert await stage.answers() == {"Ada Quinn": FEAR}
    await stage.later(hours=2)
    assert await pauses(stage) == []


async def test_whoever_is_erased_is_looked_through_again(monday):
    stage = monday
    await stage.writes_to_the_bot("ada", FEAR)
    await stage.presses("ada", card(stage, "ada"), SAFE)
    await erase(stage, "ada")
    assert await pauses(stage) == []
    before = len(told(stage, "ada"))
    await stage.writes_to_the_bot("ada", FEAR)
    assert len(told(stage, "ada")) == before + 1


async def test_words_that_stand_nowhere_else_come_back_in_full(monday):
    stage, [prompt] = monday, monday.prompts()
    form = await stage.presses("ada", prompt, "Answer or edit")
    long = f"{FEAR} " + "I wrote down what she said. " * 60 + "The last word is kestrel."
    shown = stage.text(await stage.fills_in("ada", form, q0=long))
    assert shown.count("I wrote down what she said.") == 60
    assert "kestrel" in shown
    assert "wants to die" in stage.text(await stage.asks("ada", f"/reflect history find:'{FEAR}'"))


# ── moderators ────────────────────────────────────────────────────────────────


@pytest.fixture
async def asking(tmp_path, platform):
    """A community that lets its members ask for contact."""
    own = CommunitySettings(slug="home", danger_contact=True)
    async with staged(tmp_path, platform, community=own) as stage:
        yield stage


def requests(stage, who):
    return [one for one in stage.inbox(who) if "asks a moderator to contact them" in stage.text(one)]


async def test_moderators_hear_who_asks_for_contact_and_never_what_was_written(asking):
    stage = asking
    await stage.writes_to_the_bot("ada", FEAR)
    shown = card(stage, "ada")
    assert "They are told only if you press" in stage.text(shown)
    await stage.later(minutes=1)
    assert requests(stage, "mo") == []
    assert "I told the moderators" in stage.text(await stage.presses("ada", shown, ASK))
    await stage.later(minutes=1)
    [request] = requests(stage, "mo")
    assert "Ada Quinn" in stage.text(request)
    assert "told already" in stage.text(await stage.presses("ada", shown, ASK))
    await stage.later(minutes=1)
    assert len(requests(stage, "mo")) == 1
    audit = stage.text(await stage.asks("ida", "/tilth audit"))
    assert "asked a moderator for contact" in audit
    assert not [row for row in await stage.dump() if "wants to die" in row]


async def test_a_moderator_who_takes_a_request_ends_it_for_all_and_it_may_be_asked_anew(asking):
    stage = asking
    await stage.writes_to_the_bot("ada", FEAR)
    shown = card(stage, "ada")
    await stage.presses("ada", shown, ASK)
    await stage.later(minutes=1)
    [request] = requests(stage, "mo")
    assert "Mo Hale contacts the member" in stage.text(await stage.presses("mo", request, "I contact them"))
    await stage.later(minutes=1)
    assert requests(stage, "ida") == []
    assert "I told the moderators" in stage.text(await stage.presses("ada", shown, ASK))
    await stage.later(minutes=1)
    assert len(requests(stage, "mo")) == 1


async def test_a_request_of_somebody_who_was_erased_names_nobody(asking):
    stage = asking
    await stage.writes_to_the_bot("ada", FEAR)
    await stage.presses("ada", card(stage, "ada"), ASK)
    await stage.later(minutes=1)
    await erase(stage, "ada")
    assert requests(stage, "mo") == []
    assert not [row for row in await stage.dump() if "Ada Quinn" in row]


async def test_where_the_community_did_not_choose_it_nobody_can_be_asked(monday):
    stage = monday
    await stage.writes_to_the_bot("ada", FEAR)
    shown = card(stage, "ada")
    assert ASK not in shown.buttons
    assert "I have told nobody" in stage.text(shown)
    assert "does not pass this on" in stage.text(await stage.app.dispatcher.hear(_forged(stage)))
    await stage.later(minutes=1)
    assert requests(stage, "mo") == []


def _forged(stage):
    """What a tampered client could send."""
    ada = Person(stage.space, stage.platform.id_of("ada"), "Ada Quinn")
    return ButtonPressed(ada, Place(stage.space, "c1"), "danger.contact", "")
