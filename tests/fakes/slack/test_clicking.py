"""Commands, response URLs, triggers, buttons and selects."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from tests.fakes.slack import NotPossible
from tests.fakes.slack.pieces import actions, button, modal, plain, text_input
from tests.fakes.slack.rig import bot, client_of

# ── commands ──────────────────────────────────────────────────────────────────


async def test_a_command_is_answered_to_one_person_unless_in_channel(town):
    async with bot(town.slack) as one:

        @one.app.command("/hi")
        async def hi(ack, body):
            await ack("only you") if body["text"] == "quiet" else await ack(
                text="all of you", response_type="in_channel"
            )

        assert (await town.slack.slash(town.ben, town.room, "/hi quiet")).body == {"text": "only you"}
        assert [m["text"] for m in town.slack.ephemerals(town.ben)] == ["only you"]
        assert town.slack.messages(town.room) == []
        await town.slack.slash(town.ben, town.room, "/hi loud")
    assert [m["text"] for m in town.slack.messages(town.room)] == ["all of you"]


async def test_a_command_carries_where_and_who(town):
    seen = []
    async with bot(town.slack) as one:

        @one.app.command("/hi")
        async def hi(ack, body):
            seen.append(body)
            await ack()

        await town.slack.slash(town.ben, town.slack.dm(town.ben), f"/hi <@{town.cem}> & more")
    [body] = seen
    assert body["channel_name"] == "directmessage"
    assert body["user_name"] == "ben.brook"
    assert body["text"] == "@cem.clay & more"
    assert "thread_ts" not in body


async def test_response_urls_work_five_times_in_half_an_hour(town):
    urls = []
    async with bot(town.slack) as one:

        @one.app.command("/hi")
        async def hi(ack, body):
            urls.append(body["response_url"])
            await ack()

        await town.slack.slash(town.ben, town.room, "/hi")
        await town.slack.slash(town.ben, town.room, "/hi")
    async with aiohttp.ClientSession() as session:

        async def say(url, **body):
            async with session.post(url, json=body) as answer:
                return answer.status

        assert [await say(urls[0], text=str(n)) for n in range(6)] == [200] * 5 + [404]
        town.clock.advance(seconds=1800)
        assert await say(urls[1], text="at the last moment", response_type="in_channel") == 200
        town.clock.advance(seconds=1)
        assert await say(urls[1], text="too late") == 404
    assert [m["text"] for m in town.slack.ephemerals(town.ben)] == list("01234")
    assert [m["text"] for m in town.slack.messages(town.room)] == ["at the last moment"]


# ── trigger ids ───────────────────────────────────────────────────────────────


async def test_a_trigger_is_good_for_three_seconds_and_once(town):
    client, triggers = client_of(town.slack), town.slack.triggers
    view = modal(text_input())

    async def code(trigger):
        with pytest.raises(SlackApiError) as error:
            await client.views_open(trigger_id=trigger, view=view)
        return error.value.response["error"]

    assert await code("1.2.3") == "invalid_trigger_id"
    used, late = triggers.give(town.ben), triggers.give(town.ben)
    town.clock.advance(seconds=3)
    await client.views_open(trigger_id=used, view=view)
    assert await code(used) == "exchanged_trigger_id"
    town.clock.advance(seconds=0.1)
    assert await code(late) == "expired_trigger_id"


# ── messages with buttons ─────────────────────────────────────────────────────


async def test_a_click_on_a_message_can_replace_it(town):
    seen = []
    async with bot(town.slack) as one:

        @one.app.action("go")
        async def go(ack, body, respond):
            seen.append(body)
            await ack()
            await respond(text="done", replace_original=True)

        await one.client.chat_postMessage(
            channel=town.room, text="press", blocks=[actions(button("Press me"))]
        )
        [message] = town.slack.messages(town.room)
        assert (await town.slack.click(town.ben, message, "Press me")).ok
        await town.slack.settle()
        with pytest.raises(NotPossible, match="no 'Press me'"):
            await town.slack.click(town.ben, message, "Press me")
    [body] = seen
    assert body["container"] == {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": town.room,
        "is_ephemeral": False,
    }
    assert body["actions"][0]["value"] == "1"
    assert body["message"]["ts"] == message["ts"]
    assert town.slack.messages(town.room)[0]["text"] == "done"


async def test_a_click_on_a_whisper_has_no_message_and_can_delete_it(town):
    seen = []
    async with bot(town.slack) as one:

        @one.app.action("go")
        async def go(ack, body, respond):
            seen.append(body)
            await ack()
            await respond(delete_original=True)

        await one.client.chat_postEphemeral(
            channel=town.room, user=town.ben, text="psst", blocks=[actions(button("Press me"))]
        )
        await town.slack.click(town.ben, town.slack.ephemerals(town.ben)[0], "go")
        await town.slack.settle()
    assert seen[0]["container"]["is_ephemeral"]
    assert "message" not in seen[0]
    assert town.slack.ephemerals(town.ben) == []


async def test_choosing_in_a_message(town):
    chosen = []
    options = [{"text": plain(w), "value": w.lower()} for w in ("Red", "Blue")]
    select = {
        "type": "static_select",
        "action_id": "color",
        "options": options,
        "placeholder": plain("Color"),
    }
    async with bot(town.slack) as one:

        @one.app.action("color")
        async def color(ack, body, action):
            chosen.append((action["selected_option"]["value"], body["state"]["values"]))
            await ack()

        await one.client.chat_postMessage(channel=town.room, text="choose", blocks=[actions(select)])
        message = town.slack.messages(town.room)[0]
        await town.slack.choose(town.ben, message, "Color", "Blue")
        with pytest.raises(NotPossible, match="no option 'Green'"):
            await town.slack.choose(town.ben, message, "Color", "Green")
    value, state = chosen[0]
    assert value == "blue"
    assert state["row"]["color"]["selected_option"]["value"] == "blue"


async def test_somebody_elses_whisper_can_only_be_pressed_by_forging(town):
    pressed = []
    async with bot(town.slack) as one:

        @one.app.action("go")
        async def go(ack, body):
            pressed.append(body["user"]["id"])
            await ack()

        await one.client.chat_postEphemeral(
            channel=town.room, user=town.ben, text="psst", blocks=[actions(button("Press me"))]
        )
        whisper = town.slack.ephemerals(town.ben)[0]
        with pytest.raises(NotPossible):
            await town.slack.click(town.cem, whisper, "Press me")
        await town.slack.click(town.cem, whisper, "Press me", forged=True)
    assert pressed == [town.cem]


async def test_an_overflow_menu_hands_over_its_option(town):
    chosen = []
    menu = {
        "type": "overflow",
        "action_id": "more",
        "options": [{"text": plain(label), "value": label.lower()} for label in ("Edit", "Delete")],
    }
    block = {"type": "section", "text": plain("A card"), "accessory": menu}
    async with bot(town.slack) as one:

        @one.app.action("more")
        async def more(ack, action):
            chosen.append(action["selected_option"]["value"])
            await ack()

        await one.client.chat_postMessage(channel=town.room, text="x", blocks=[block])
        await town.slack.choose(town.ben, town.slack.messages(town.room)[0], "more", "Delete")
    assert chosen == ["delete"]


async def test_a_click_that_nobody_answers_in_time_has_failed(town):
    town.slack.socket.ack_seconds = 0.2
    async with bot(town.slack) as one:

        @one.app.action("go")
        async def go(ack):
            await asyncio.sleep(0.3)
            await ack()

        await one.client.chat_postMessage(channel=town.room, text="x", blocks=[actions(button("Press me"))])
        heard = await town.slack.click(town.ben, town.slack.messages(town.room)[0], "Press me")
        await asyncio.sleep(0.2)
    assert (heard.ok, heard.reason) == (False, "timeout")
