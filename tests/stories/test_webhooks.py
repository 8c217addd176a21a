"""Another service is told what happens: set up in chat by an admin, signed, never with a name, an answer, or what was erased."""

from __future__ import annotations

import json
import re

import pytest

from bot.settings.web import WebhookSettings
from tests.stories.stage import staged
from tests.stories.test_check_ins import changes
from tests.stories.test_courses import join
from tests.stories.test_strategies import CALLED, save
from tests.stories.test_team_plan import writes
from tests.webhooks.receiver import receiving
from tests.webhooks.test_page import DOCUMENTED

SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]{44}")
NAMES = ("Ada", "Quinn", "Ben", "Okafor", "Cleo", "Mo Hale", "Ida Vale")


@pytest.fixture
async def receiver():
    async with receiving() as one:
        yield one


@pytest.fixture
async def inside(tmp_path, platform, receiver):
    """A bot that may call this machine, which is where the receiver listens."""
    async with staged(tmp_path, platform, webhooks=WebhookSettings(private=True, plain_http=True)) as stage:
        yield stage


async def add(stage, receiver, **more):
    """An admin adds a webhook to the receiver; what they are shown."""
    form = await stage.presses("ida", await stage.asks("ida", "/tilth webhooks"), "Add a webhook")
    added = await stage.fills_in("ida", form, address=receiver.url, **more)
    receiver.secret = SECRET.search(stage.text(added))[0]
    return added


def told_of(receiver, name):
    """What was told of one kind of event, which has the shape that the page shows."""
    found = receiver.of(name)
    assert all(set(one) == set(DOCUMENTED[name]["data"]) for one in found)
    return found


async def status(stage):
    return stage.plain(await stage.asks("ida", "/tilth webhooks"))


async def test_an_admin_adds_tests_pauses_and_removes_a_webhook(inside, receiver):
    stage = inside
    assert "There is no webhook." in await status(stage)
    added = await add(stage, receiver)
    assert "I do not show it again" in stage.text(added)
    assert "nothing was sent yet" in await status(stage)
    assert not SECRET.search(await status(stage)), "the secret is shown once"
    assert not any(receiver.secret in line for line in await stage.dump()), "and is not in the database"
    sent = await stage.presses("ida", await stage.asks("ida", "/tilth webhooks"), "Test h1")
    assert "A test is on its way." in stage.text(sent)
    await stage.settles()
    assert told_of(receiver, "webhook.test") == [{"message": "This is a test. Nothing happened."}]
    assert receiver.forged == 0
    assert "works; it last took an event" in await status(stage)
    for card in [await stage.asks("ida", "/tilth webhooks") for _twice in range(2)]:
        assert "h1 · 127.0.0.1: paused" in stage.plain(await stage.presses("ida", card, "Pause h1"))
    for card in [await stage.asks("ida", "/tilth webhooks") for _twice in range(2)]:
        assert "works" in stage.plain(await stage.presses("ida", card, "Start h1 again"))
    asked = await stage.presses("ida", await stage.asks("ida", "/tilth webhooks"), "Remove h1")
    assert "its secret stops working" in stage.text(asked)
    assert "127.0.0.1" in stage.plain(await stage.presses("ida", asked, "Keep it"))
    asked = await stage.presses("ida", await stage.asks("ida", "/tilth webhooks"), "Remove h1")
    card = await stage.presses("ida", asked, "Remove it")
    assert "There is no webhook." in stage.text(card)
    record = stage.text(await stage.asks("ida", "/tilth audit"))
    for done in ("added", "paused", "resumed", "removed"):
        assert record.count(f"{done} webhook h1") == 1
    assert "/hook" not in record, "of the address only the host is on record"


async def test_a_button_of_a_webhook_that_is_gone_says_so(inside, receiver):
    stage = inside
    await add(stage, receiver)
    old = await stage.asks("ida", "/tilth webhooks")
    asked = await stage.presses("ida", await stage.asks("ida", "/tilth webhooks"), "Remove h1")
    await stage.presses("ida", asked, "Remove it")
    for button in ("Test h1", "Pause h1", "Remove h1"):
        assert "That webhook is no longer there." in stage.text(await stage.presses("ida", old, button))


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("https://127.0.0.1/x", "This address is in a private network."),
        ("https://[::1]:8420/", "This address is in a private network."),
        ("https://localhost/x", "This address is in a private network."),
        ("http://example.org/x", "The address must begin with https://."),
        ("https://me:word@example.org/", "Take the name and password out"),
        ("what is this", "This is not an address I can use."),
        ("ftp://example.org", "This is not an address I can use."),
    ],
)
async def test_an_address_that_may_not_be_called_stays_in_the_form_with_why(stage, address, why):
    form = await stage.presses("ida", await stage.asks("ida", "/tilth webhooks"), "Add a webhook")
    wrong = await stage.fills_in("ida", form, address=address)
    assert why in stage.errors(wrong)["address"]
    again = await stage.amends("ida", wrong)
    assert stage.value(again, "address") == address, "nothing is lost"
    added = await stage.fills_in("ida", again, address="https://example.org/tilth")
    assert SECRET.search(stage.text(added))
    form = await stage.presses("ida", await stage.asks("ida", "/tilth webhooks"), "Add a webhook")
    twice = await stage.fills_in("ida", form, address="https://example.org/tilth")
    assert "There is a webhook to this address already." in stage.errors(twice)["address"]


async def test_prompts_and_digests_are_told_without_a_name_or_an_answer(inside, receiver):
    stage = inside
    await add(stage, receiver)
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
    await stage.until("2026-10-05 09:01")
    [prompt] = stage.prompts()
    [told] = told_of(receiver, "prompt.posted")
    assert told["title"] in prompt.text
    assert told["questions"][0] in prompt.text
    assert (told["prompt"][0], told["occurrence"][0]) == ("p", "o")
    assert told["closes_at"] == "2026-10-09T08:00:00+00:00"
    await stage.says("ada", "Only Ada says this about the corridor at noon.", thread=prompt)
    await stage.says("ben", "Ben has another view of the corridor.", thread=prompt)
    await stage.until("2026-10-09 12:00")
    assert stage.digests()
    [digest] = told_of(receiver, "digest.posted")
    assert digest == {name: told[name] for name in ("prompt", "occurrence", "title", "space", "channel")}
    whole = json.dumps(receiver.events)
    assert "corridor" not in whole
    assert not [name for name in NAMES if name in whole]
    assert receiver.forged == 0
    assert len(receiver.ids) == len(set(receiver.ids)), "each once"


async def test_a_discussion_is_told(inside, receiver):
    stage = inside
    await add(stage, receiver)
    await stage.confirms(
        '/discuss schedule #staffroom every thu 16:00 title:"Hallways" meets:"fri 15:00" lasts:90m'
    )
    await stage.until("2026-10-08 16:01")
    [told] = told_of(receiver, "discussion.posted")
    assert told["title"] == "Hallways"
    assert (told["meets_at"], told["ends_at"]) == ("2026-10-09T14:00:00+00:00", "2026-10-09T15:30:00+00:00")


async def test_only_what_was_chosen_is_told(inside, receiver):
    stage = inside
    await add(stage, receiver, events=("A strategy was shared with everyone",))
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
    await save(stage, "ada")
    await stage.until("2026-10-05 10:00")
    assert [one["type"] for one in receiver.events] == ["strategy.shared"]
    [told] = told_of(receiver, "strategy.shared")
    assert (told["what"], told["happened"], told["tags"]) == ("Same-day call home", CALLED, ["attendance"])
    assert not [name for name in NAMES if name in json.dumps(receiver.events)]


@pytest.mark.parametrize("how", ["erases", "withdraws"])
async def test_what_was_erased_or_taken_back_before_it_was_told_is_not_told(inside, receiver, how):
    stage = inside
    receiver.always = 503
    await add(stage, receiver)
    await save(stage, "ada")
    await stage.settles()
    assert told_of(receiver, "strategy.shared"), "it was tried"
    assert "1 event waits; I try again (http_503)" in await status(stage)
    stored = [line for line in await stage.dump() if line.startswith('INSERT INTO "outbox"')]
    assert not any("noon" in line for line in stored), "what waits holds no words"
    receiver.events.clear()
    receiver.ids.clear()
    if how == "erases":
        form = await stage.asks("ada", "/my data delete")
        await stage.fills_in("ada", form, word="DELETE")
    else:
        seen = await stage.presses("ada", stage.last("ada"), "See it")
        await stage.presses("ada", seen, "Take it back")
    receiver.always = 204
    await stage.later(minutes=20)
    assert receiver.events == []
    assert "event waits" not in await status(stage)
    await stage.presses("ida", await stage.asks("ida", "/tilth webhooks"), "Test h1")
    await stage.settles()
    assert told_of(receiver, "webhook.test"), "what comes after it is told"


async def test_five_who_finish_a_lesson_are_told_as_a_number_and_fewer_never(inside, receiver):
    stage = inside
    await add(stage, receiver)
    people = ("ada", "ben", "cleo", "mo", "ida")
    for number, who in enumerate(people, 1):
        await join(stage, who)
        await stage.asks(
            who, "/course done c1.1 -- We tried it with one class, and wrote down what they said."
        )
        await stage.settles()
        assert len(told_of(receiver, "lesson.completed")) == (number == len(people))
    [told] = told_of(receiver, "lesson.completed")
    assert told["finished_by"] == 5
    assert told["lesson_title"] == "Prepare Your Soil"
    await stage.asks("ada", "/course undo c1.1")
    await stage.asks("ada", "/course done c1.1")
    await stage.settles()
    assert len(told_of(receiver, "lesson.completed")) == 1, "the same number is told once"
    assert not [name for name in NAMES if name in json.dumps(receiver.events)]


async def test_a_service_that_wants_nothing_more_is_stopped_and_moderators_hear_of_it(inside, receiver):
    stage = inside
    await stage.opens_channel("c2", "moderators")
    await stage.asks("ida", "/tilth setup alerts:#moderators")
    receiver.always = 410
    await add(stage, receiver)
    await stage.presses("ida", await stage.asks("ida", "/tilth webhooks"), "Test h1")
    await stage.later(minutes=1)
    [alert] = [one for one in stage.room(None, "c2") if "is stopped" in one.text]
    assert "http_410" in alert.text
    assert "Members notice nothing" in alert.text
    assert "stopped, because it did not take what I sent (http_410)" in await status(stage)
    tried = len(receiver.ids)
    await stage.later(hours=3)
    assert len(receiver.ids) == tried, "it is left alone"
    receiver.always = 204
    await stage.presses("ida", await stage.asks("ida", "/tilth webhooks"), "Start h1 again")
    await stage.settles()
    [alert] = [one for one in stage.room(None, "c2") if "127.0.0.1" in one.text]
    assert "an admin has seen to it" in alert.text
    await stage.presses("ida", await stage.asks("ida", "/tilth webhooks"), "Test h1")
    await stage.settles()
    assert "works" in await status(stage)


async def test_over_a_restart_what_waits_is_told_under_the_same_id(inside, receiver):
    stage = inside
    receiver.answers = [500]
    await add(stage, receiver)
    await stage.presses("ida", await stage.asks("ida", "/tilth webhooks"), "Test h1")
    await stage.settles()
    await stage.restarts()
    await stage.later(minutes=10)
    assert len(receiver.ids) == 2
    assert len(set(receiver.ids)) == 1
    assert receiver.forged == 0


async def test_webhooks_speak_spanish(inside, receiver):
    stage = inside
    await stage.asks("ida", "/my settings language:es")
    card = await stage.asks("ida", "/tilth webhooks")
    assert "No hay ningún webhook." in stage.text(card)
    form = await stage.presses("ida", card, "Agregar un webhook")
    added = await stage.fills_in("ida", form, address=receiver.url)
    assert "no la vuelvo a mostrar" in stage.text(added)
    assert "todavía no se mandó nada" in await status(stage)


@pytest.mark.parametrize("who", ["ada", "mo"])
async def test_members_and_moderators_set_up_no_webhook(stage, who):
    await stage.asks("ida", "/tilth webhooks")
    refused = stage.text(await stage.asks(who, "/tilth webhooks"))
    assert "admin" in refused.lower()
    assert "Add a webhook" not in refused


async def test_a_look_that_is_due_is_told_by_the_number_of_the_team(inside, receiver):
    stage = inside
    await add(stage, receiver)
    await stage.asks("mo", "/team create North")
    await stage.asks("ben", "/team join North")
    await stage.asks("mo", "/team lead @Ben Okafor North")
    cause = "Directions are given once."
    await writes(stage, "ben", "cause", cause=cause, category="instruction", basis="guess")
    await stage.chooses("ben", await stage.asks("ben", "/team plan choose"), "Choose a cause", cause)
    await changes(stage)
    await stage.until("2026-10-22 12:00")
    [told] = told_of(receiver, "plan.look_due")
    assert told == {"team": "t1", "weeks": "2", "day": "2026-10-21"}
    assert "irections" not in json.dumps(receiver.events), "no word of the plan"
