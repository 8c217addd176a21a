"""Events over the real wire: acknowledged when they are kept, and harmless when they come again."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.chat.cards import say
from bot.chat.events import CommandInvoked, MessageReceived, PersonUpdated, ReactionChanged, SpaceRemoved
from bot.chat.models import Place
from bot.chat.port import History, HistoryUnavailable, NotStored
from tests.adapters.slack.rig import town, until, workspace
from tests.contract.door import WORDS
from tests.fakes.slack.reading import buttons, text


class SlowDoor:
    """Lets the door take its time over messages until it is opened."""

    def __init__(self, door):
        self.door, self.opened = door, asyncio.Event()
        self.hears, door.hear = door.hear, self.hear

    async def hear(self, event):
        if isinstance(event, MessageReceived):
            await self.opened.wait()
        return await self.hears(event)


async def test_a_message_is_acknowledged_only_after_it_was_kept(here):
    slow = SlowDoor(here.door)
    posting = asyncio.create_task(here.slack.post(here.ada, here.room, "Keep me."))
    await asyncio.sleep(0.1)
    assert not posting.done()
    slow.opened.set()
    assert (await posting).ok


async def test_what_could_not_be_kept_is_not_acknowledged_and_kept_when_slack_tries_again(here):
    here.door.will_answer(MessageReceived, NotStored(say("I cannot keep anything right now.")))
    heard = await here.slack.post(here.ada, here.room, "Keep me.")
    assert not heard.ok
    await here.rest()
    assert [one.text for one in here.door.messages] == ["Keep me.", "Keep me."]
    assert ["cannot keep" in text(one) for one in here.slack.ephemerals(here.ada)] == [True], "told once"
    assert here.slack.ephemerals(here.ben) == []


async def test_a_bug_of_the_core_is_not_acknowledged_either(here):
    here.door.will_answer(MessageReceived, ValueError("a bug"))
    assert not (await here.slack.post(here.ada, here.room, "Keep me.")).ok
    await here.rest()
    assert len(here.door.messages) == 2


async def test_somebody_slack_does_not_tell_us_about_is_waited_for(here):
    zoe, _ = await here.slack.arrive("Zoe Reed")
    here.forget_people()
    await here.slack.join(zoe, here.room)
    here.forget_people()
    here.slack.fail("users.info", status=500)
    assert not (await here.slack.post(zoe, here.room, "Who am I?")).ok
    await here.rest()
    assert here.door.messages[-1].author.name == "Zoe Reed"


async def test_the_same_delivery_again_is_the_same_message(here):
    await here.slack.post(here.ada, here.room, "Once.")
    await here.slack.redeliver()
    first, second = here.door.messages
    assert first == second


async def test_edits_within_a_second_are_in_order_and_a_late_one_does_not_win(here):
    posted = await here.slack.post(here.ada, here.room, "One.")
    for words in ("Two.", "Three."):
        await here.slack.edit(here.ada, here.room, posted.ts, words)
    one, two, three = here.door.messages
    assert one.version < two.version < three.version
    again = [wrapper for wrapper in here.slack.events("message") if wrapper["event"].get("subtype")]
    await here.slack.redeliver(again[0])
    assert here.door.messages[-1].text == "Two."
    assert here.door.messages[-1].version < three.version


async def test_a_link_preview_changes_nothing(here):
    posted = await here.slack.post(here.ada, here.room, "See https://example.org.")
    message = here.slack.message(here.room, posted.ts)
    await here.slack.emit(
        {
            "type": "message", "subtype": "message_changed", "channel": here.room, "channel_type": "channel",
            "ts": "1791187300.000100", "event_ts": "1791187300.000100",
            "message": {**message, "attachments": [{"title": "A page"}]}, "previous_message": message,
        }
    )  # fmt: skip
    assert len(here.door.messages) == 1


async def test_an_admin_who_deletes_our_message_is_noticed(here):
    ts = await here.adapter.post(here.place(), say("Prompt"), "m1")
    await here.rest()
    await here.slack.delete(here.ada, here.room, ts)
    [gone] = [one.message for one in here.door.of(MessageReceived)]
    assert (gone.own, gone.deleted, gone.id, gone.marker) == (True, True, ts, "m1")


async def test_what_we_say_ourselves_asks_slack_for_nobody_it_names(here):
    zoe, _ = await here.slack.arrive("Zoe Reed")
    await here.slack.join(zoe, here.room)
    here.forget_people()
    asked = len(here.slack.calls("users.info"))
    await here.slack.emit({
        "type": "message", "channel": here.room, "channel_type": "channel", "user": here.slack.bot, "text": f"Hello <@{zoe}>",
        "ts": "1791187300.000300", "event_ts": "1791187300.000300",
    })  # fmt: skip
    assert len(here.slack.calls("users.info")) == asked
    assert here.door.of(MessageReceived) == []


async def test_a_reaction_with_a_skin_tone_is_the_plain_one(here):
    posted = await here.slack.post(here.ben, here.room, "Yes.")
    await here.slack.react(here.ada, here.room, posted.ts, "thumbsup::skin-tone-3")
    assert here.door.of(ReactionChanged)[0].emoji == "thumbsup"


# ── people ────────────────────────────────────────────────────────────────────


async def test_everybody_is_introduced_once_with_what_slack_knows_of_them(here):
    seen = {one.person.name: one.person for one in here.door.of(PersonUpdated) if one.channel is None}
    assert seen["Ada Quinn"].facts == {"admin"}
    assert seen["Ada Quinn"].zone == "Europe/Dublin"
    assert seen["Gus Guest"].stranger
    assert here.slack.bot not in {one.person.id for one in here.door.of(PersonUpdated)}
    inside = {one.person.name for one in here.door.of(PersonUpdated) if one.channel == here.room}
    assert inside == {"Ada Quinn", "Ben Okafor"}
    before = len(here.door.of(PersonUpdated))
    await here.slack.cut()
    await here.slack.connected()
    await here.rest()
    assert len(here.door.of(PersonUpdated)) == before, "a reconnection tells only what is new"


async def test_more_people_and_channels_than_a_page_are_all_introduced():
    async with town(start=False) as here:
        people = [here.slack.person(f"Person {number}") for number in range(430)]
        here.slack.channel("everybody", people)
        await here.adapter.start(here.door)
        await here.rest()
        assert {one.person.id for one in here.door.of(PersonUpdated) if one.channel} >= set(people)


async def test_the_user_groups_of_a_person_are_facts_and_a_demotion_counts_at_once(here):
    group = here.slack.group("Mods", [here.ben])
    await here.slack.emit({"type": "subteam_updated", "subteam": {"id": group}})
    await here.slack.slash(here.ben, here.room, "/try one 3")
    assert here.door.of(CommandInvoked)[-1].person.facts == {f"group:{group}"}
    here.slack.world.groups[group]["users"] = []
    await here.slack.emit({"type": "subteam_members_changed", "subteam_id": group})
    assert [one.person.facts for one in here.door.of(PersonUpdated) if one.person.id == here.ben][-1] == set()
    await here.slack.slash(here.ben, here.room, "/try one 3")
    assert here.door.of(CommandInvoked)[-1].person.facts == set()


@pytest.mark.parametrize("error", ["plan_upgrade_required", "missing_scope"])
async def test_a_workspace_without_user_groups_is_asked_once(error):
    async with town(start=False) as here:
        here.slack.fail("usergroups.list", error=error, times=99)
        await here.adapter.start(here.door)
        for _ in range(3):
            assert (await here.slack.slash(here.ben, here.room, "/try one 3")).ok
        assert here.door.of(CommandInvoked)[-1].person.facts == set()
        assert len(here.slack.calls("usergroups.list")) == 1


async def test_nobody_is_believed_when_slack_does_not_say_who_they_are(here):
    zoe, _ = await here.slack.arrive("Zoe Reed")
    await here.slack.join(zoe, here.room)
    here.forget_people()
    here.slack.fail("users.info", status=500, times=9)
    await here.slack.slash(zoe, here.room, "/try one 3")
    await here.rest()
    assert here.door.of(CommandInvoked) == []
    assert "does not tell me who you are" in text(here.slack.ephemerals(zoe)[-1])


async def test_guests_strangers_bots_and_the_deactivated_are_told_apart(here):
    from adapters.slack.hear import Here
    from adapters.slack.people import person_of

    us = Here("slack:T1", "UB", "B")

    def found(**facts):
        who = person_of({"id": "U9", "team_id": "T1", "profile": {"real_name": "X"}, **facts}, us)
        return who.stranger, who.bot

    assert found() == (False, False)
    assert found(is_restricted=True)[0]
    assert found(is_ultra_restricted=True)[0]
    assert found(is_stranger=True)[0]
    assert found(team_id="T2")[0]
    assert not found(team_id="T2", enterprise_user={"teams": ["T1", "T2"]})[0]
    assert found(is_bot=True)[1]
    await here.slack.change_person(here.ben, deleted=True)
    assert here.door.of(PersonUpdated)[-1].left


async def test_a_name_that_slack_left_as_it_was_typed_is_understood_when_only_one_person_has_it(here):
    people = here.adapter.workspaces[0].team.people
    assert people.member("ada quinn") == people.member("Ada") == here.ada
    await here.slack.arrive("Ada Lovelace")
    assert people.member("ada") is None
    assert people.member("Ada Quinn") == here.ada
    assert people.channel("StaffRoom") == here.room


async def test_another_app_commands_nothing(here):
    weather = here.slack.person("Weather", bot=True)
    await here.slack.join(weather, here.room)
    await here.slack.post(weather, here.room, f"<@{here.slack.bot}> tilth help")
    assert here.door.of(CommandInvoked) == []


async def test_whoever_is_new_is_asked_about_once_however_much_they_say_at_once(here):
    zoe = here.slack.person("Zoe Reed")
    lounge = here.slack.channel("lounge", [zoe])
    before = len(here.slack.calls("users.info"))
    await asyncio.gather(*(here.slack.post(zoe, lounge, f"Number {n}") for n in range(6)))
    assert len(here.slack.calls("users.info")) == before + 1
    assert {one.author.name for one in here.door.messages} == {"Zoe Reed"}


async def test_a_new_status_is_no_news(here):
    before = len(here.door.of(PersonUpdated))
    await here.slack.change_person(here.ben)
    assert len(here.door.of(PersonUpdated)) == before
    await here.slack.change_person(here.ben, admin=True)
    assert here.door.of(PersonUpdated)[-1].person.facts == {"admin"}


async def test_being_invited_introduces_the_channel_and_being_removed_from_the_workspace_is_told(here):
    lounge = here.slack.channel("lounge", [here.ada], bot=False)
    await here.slack.join(here.slack.bot, lounge, inviter=here.ada)
    await here.rest()
    assert [one.person.id for one in here.door.of(PersonUpdated) if one.channel == lounge] == [here.ada]
    await here.slack.slash(here.ada, here.room, "/try all where:#lounge")
    assert here.door.of(CommandInvoked)[-1].call.values["where"] == lounge
    await here.slack.emit({"type": "app_uninstalled"})
    assert here.door.of(SpaceRemoved) == [SpaceRemoved(here.space)]


async def test_tokens_of_users_are_no_business_of_ours(here):
    await here.slack.emit({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}})
    assert here.door.of(SpaceRemoved) == []
    await here.slack.emit({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [here.slack.bot]}})
    assert here.door.of(SpaceRemoved) == [SpaceRemoved(here.space)]


# ── commands in messages ──────────────────────────────────────────────────────


async def test_a_mention_in_a_thread_is_a_command_answered_there_alone(here):
    root = await here.adapter.post(here.place(), say("Prompt"), "m")
    here.door.will_answer(CommandInvoked, say("This is what I can do."))
    await here.slack.reply(here.ada, here.room, root, f"<@{here.slack.bot}> tilth help")
    await here.rest()
    [called] = here.door.of(CommandInvoked)
    assert (called.call.command.path, called.place) == ("tilth help", here.place(root))
    assert here.door.messages == [], "a command is no answer"
    [whisper] = here.slack.ephemerals(here.ada)
    assert (whisper["thread_ts"], text(whisper)) == (root, "This is what I can do.")


async def test_a_mention_that_is_no_command_is_told_to_the_core_and_gets_its_answer(here):
    root = await here.adapter.post(here.place(), say("Prompt"), "m")
    words = f"<@{here.slack.bot}> thank you, the caretaker."
    await here.slack.reply(here.ada, here.room, root, words)
    await here.rest()
    [said] = here.door.messages
    assert said.text == "@tilth thank you, the caretaker."
    assert here.slack.ephemerals(here.ada) == [], "the core says what there is to say"
    here.door.will_answer(MessageReceived, say("Kept."))
    await here.slack.reply(here.ben, here.room, root, words)
    await here.rest()
    assert [text(one) for one in here.slack.ephemerals(here.ben)] == ["Kept."]
    history = await here.adapter.history(here.place(root), None)
    assert [one.text for one in history.messages[1:]] == ["@tilth thank you, the caretaker."] * 2


async def test_a_command_in_a_message_is_carried_out_once_however_often_it_comes(here):
    await here.slack.post(here.ada, here.room, f"<@{here.slack.bot}> tilth help")
    for _ in range(2):
        await here.slack.redeliver()
    assert len(here.door.of(CommandInvoked)) == 1
    await here.restart()
    await here.slack.redeliver()
    assert len(here.door.of(CommandInvoked)) == 1, "not after a restart either"
    root = here.slack.messages(here.room)[-1]["ts"]
    history = await here.adapter.history(here.place(root), None)
    assert history.messages == (), "and it is nobody's answer when the thread is read again"


@pytest.mark.parametrize("direct", [False, True])
async def test_a_command_in_a_message_that_needs_a_form_gets_a_button_that_opens_it(here, direct):
    channel = here.slack.dm(here.ada) if direct else here.room
    await here.slack.post(here.ada, channel, "/try form" if direct else f"<@{here.slack.bot}> try form")
    await here.rest()
    shown = here.slack.messages(channel)[-1] if direct else here.slack.ephemerals(here.ada)[-1]
    assert buttons(shown) == ["Open the form"]
    await here.slack.click(here.ada, shown, "Open the form")
    assert here.slack.modal(here.ada)["title"]["text"] == WORDS.title
    first, second = here.door.opened
    assert first == second
    assert second.place == Place(here.space, channel, private=direct)


async def test_a_public_answer_to_a_mention_is_public(here):
    from dataclasses import replace

    here.door.will_answer(CommandInvoked, replace(say("For all."), public=True))
    await here.slack.post(here.ada, here.room, f"<@{here.slack.bot}> try aloud")
    await here.rest()
    assert text(here.slack.messages(here.room)[-1]) == "For all."


# ── looking back ──────────────────────────────────────────────────────────────


async def test_a_slow_app_reads_to_the_end():
    slack = workspace(slow_history=True, real_windows=True)
    slack.mend("conversations.replies")
    slack.limit("conversations.replies", per_second=20, key=None)
    async with town(slack) as here:
        root = await here.adapter.post(here.place(), say("Prompt"), "m")
        for number in range(40):
            await here.slack.reply(here.ada, here.room, root, f"Answer {number}")
        history = await here.adapter.history(here.place(root), None)
        assert isinstance(history, History)
        assert history.complete
        assert len(history.messages) == 41


@pytest.mark.parametrize(
    ("fault", "why"),
    [({"error": "missing_scope"}, "missing_scope"), ({"error": "channel_not_found"}, "channel_not_found"),
     ({"status": 500}, "http_500"), ({"error": "thread_not_found"}, "thread_not_found")],
)  # fmt: skip
async def test_what_cannot_be_seen_is_invisible(here, fault, why):
    root = await here.adapter.post(here.place(), say("Prompt"), "m")
    for method in ("conversations.replies", "conversations.history"):
        here.slack.fail(method, **fault, times=9)
    assert await here.adapter.history(here.place(root), None) == HistoryUnavailable(why)
    assert await here.adapter.find(
        here.place(), "m", here.clock.now() - timedelta(hours=1)
    ) == HistoryUnavailable(why)


async def test_a_history_that_breaks_off_is_not_complete(here):
    root = await here.adapter.post(here.place(), say("Prompt"), "m")
    for number in range(205):
        await here.slack.reply(here.ada, here.room, root, f"Answer {number}")
    here.slack.fail("conversations.replies", status=500, when=lambda args: bool(args.text("cursor")), times=9)
    history = await here.adapter.history(here.place(root), None)
    assert isinstance(history, History)
    assert not history.complete
    assert history.messages


async def test_answers_in_threads_of_a_direct_message_are_found(here):
    direct = await here.adapter.direct(here.space, here.ada)
    root = await here.adapter.post(direct, say("Prompt"), "m")
    await here.slack.reply(here.ada, direct.channel, root, "In the thread.")
    history = await here.adapter.history(direct, None)
    assert isinstance(history, History)
    assert [one.text for one in history.messages][1:] == ["In the thread."]
    assert history.messages[1].place.thread == root


# ── the bot's own page ────────────────────────────────────────────────────────


async def test_a_page_is_published_again_when_something_of_theirs_may_have_changed(here):
    from bot.chat.events import HomeOpened

    here.door.will_answer(
        HomeOpened, say("One open prompt."), say("Nothing is open."), say("Nothing is open.")
    )
    await here.slack.open_home(here.ada)
    await here.rest()
    assert "One open prompt." in text(here.slack.home(here.ada))
    for _ in range(5):
        await here.slack.post(here.ada, here.room, "An answer.")
    await until(lambda: "Nothing is open." in text(here.slack.home(here.ada)))
    await here.rest()
    assert len(here.slack.calls("views.publish")) == 2, (
        "changes are gathered, and the same page is not sent twice"
    )
    await here.slack.post(here.ada, here.room, "One more.")
    await here.rest()
    assert len(here.slack.calls("views.publish")) == 2
    await here.slack.post(here.ben, here.room, "Another.")
    await here.rest()
    assert len(here.slack.calls("views.publish")) == 2, "nobody looks at Ben's page"
