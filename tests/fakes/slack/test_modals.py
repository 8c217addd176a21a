"""Forms, the home tab, shortcuts and suggestions."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from slack_sdk.errors import SlackApiError

from tests.fakes.slack import NotPossible
from tests.fakes.slack.pieces import actions, button, modal, plain, text_input
from tests.fakes.slack.rig import bot, client_of


async def open_modal(one, town, view):
    """A command that opens a modal; used once."""

    @one.app.command("/form")
    async def form(ack, body, client):
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    assert (await town.slack.slash(town.ben, town.room, "/form")).ok
    await town.slack.settle()


def on_submit(one, **answer):
    submitted = []

    @one.app.view("form")
    async def form(ack, body):
        submitted.append(body)
        await ack(**answer)

    return submitted


# ── modals ────────────────────────────────────────────────────────────────────


async def test_a_form_is_filled_in_submitted_and_closed(town):
    async with bot(town.slack) as one:
        submitted = on_submit(one)
        await open_modal(
            one, town, modal(text_input(), text_input("more", optional=True), private_metadata="m")
        )
        assert town.slack.modal(town.ben)["title"]["text"] == "A form"
        assert town.slack.modal(town.cem) is None
        assert (await town.slack.submit(town.ben, {"Words": "hello"})).ok
    values = submitted[0]["view"]["state"]["values"]
    assert values["words"]["words_in"] == {"type": "plain_text_input", "value": "hello"}
    assert values["more"]["more_in"] == {"type": "plain_text_input", "value": None}
    assert submitted[0]["view"]["private_metadata"] == "m"
    assert town.slack.modal(town.ben) is None


async def test_the_client_refuses_what_is_missing_or_too_long(town):
    async with bot(town.slack) as one:
        submitted = on_submit(one)
        await open_modal(one, town, modal(text_input(max_length=5)))
        with pytest.raises(NotPossible, match="required"):
            await town.slack.submit(town.ben)
        assert town.slack.modal_errors(town.ben) == {"words": "Please complete this required field."}
        with pytest.raises(NotPossible, match="at most 5"):
            await town.slack.submit(town.ben, {"words": "sixsix"})
        assert submitted == []
        await town.slack.submit(town.ben, {"words": "fives"})
    assert len(submitted) == 1


async def test_errors_keep_the_form_open_with_what_was_typed(town):
    async with bot(town.slack) as one:
        on_submit(one, response_action="errors", errors={"words": "Not these."})
        await open_modal(one, town, modal(text_input()))
        await town.slack.submit(town.ben, {"words": "hello"})
        assert town.slack.modal_errors(town.ben) == {"words": "Not these."}
        view = town.slack.modal(town.ben)
    assert view["state"]["values"]["words"]["words_in"]["value"] == "hello"


async def test_update_push_and_clear(town):
    async with bot(town.slack) as one:
        answers = [
            {"response_action": "update", "view": modal(text_input(), title=plain("Second"))},
            {"response_action": "push", "view": modal(text_input("other"), title=plain("Third"))},
            {"response_action": "clear"},
        ]

        @one.app.view("form")
        async def form(ack):
            await ack(**answers.pop(0))

        await open_modal(one, town, modal(text_input()))
        first = town.slack.modal(town.ben)
        await town.slack.submit(town.ben, {"words": "hello"})
        second = town.slack.modal(town.ben)
        assert (second["title"]["text"], second["id"]) == ("Second", first["id"])
        assert second["hash"] != first["hash"]
        assert second["state"]["values"]["words"]["words_in"]["value"] == "hello"
        await town.slack.submit(town.ben)
        third = town.slack.modal(town.ben)
        assert third["title"]["text"] == "Third"
        assert third["root_view_id"] == third["previous_view_id"] == first["id"]
        await town.slack.submit(town.ben, {"other": "x"})
    assert town.slack.modal(town.ben) is None


async def test_a_late_ack_leaves_the_form_with_an_apology(town):
    async with bot(town.slack) as one:
        on_submit(one)
        await open_modal(one, town, modal(text_input()))
        town.slack.lose_acks(1)
        assert not (await town.slack.submit(town.ben, {"words": "hello"})).ok
        assert "trouble connecting" in town.slack.modal_errors(town.ben)[""]


async def test_closing_is_told_only_when_asked_for(town):
    closed = []
    async with bot(town.slack) as one:

        @one.app.view_closed("form")
        async def form(ack, body):
            closed.append(body["is_cleared"])
            await ack()

        await open_modal(one, town, modal(text_input(), notify_on_close=True))
        await town.slack.close(town.ben)
        assert town.slack.modal(town.ben) is None
        with pytest.raises(NotPossible):
            await town.slack.close(town.ben)
        quiet = modal(text_input())
        await one.client.views_open(trigger_id=town.slack.triggers.give(town.ben), view=quiet)
        assert (await town.slack.close(town.ben)).acks == ()
    assert closed == [False]


async def test_a_stack_holds_three_views(town):
    client, slack = client_of(town.slack), town.slack
    await client.views_open(trigger_id=slack.triggers.give(town.ben), view=modal(text_input()))
    for _ in range(2):
        await client.views_push(trigger_id=slack.triggers.give(town.ben), view=modal(text_input()))
    with pytest.raises(SlackApiError, match="push_limit_reached"):
        await client.views_push(trigger_id=slack.triggers.give(town.ben), view=modal(text_input()))
    await slack.close(town.ben)
    assert slack.modal(town.ben)["previous_view_id"] is not None


async def test_updating_a_view_by_id_external_id_and_hash(town):
    client, slack = client_of(town.slack), town.slack
    trigger = slack.triggers.give(town.ben)
    view = (await client.views_open(trigger_id=trigger, view=modal(text_input(), external_id="one")))["view"]
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_update(view_id=view["id"], view=modal(text_input()), hash="old")
    new = (await client.views_update(external_id="one", view=modal(text_input(), external_id="one")))["view"]
    assert new["id"] == view["id"]
    await client.views_update(view_id=view["id"], view=modal(text_input()), hash=new["hash"])
    with pytest.raises(SlackApiError, match="not_found"):
        await client.views_update(view_id="V404", view=modal(text_input()))


async def test_the_home_tab_is_published_and_opened(town):
    seen = []
    home = {"type": "home", "blocks": [actions(button("Press me"))]}
    async with bot(town.slack) as one:

        @one.app.event("app_home_opened")
        async def opened(event, client):
            seen.append(event)
            await client.views_publish(user_id=event["user"], view=home)

        @one.app.action("go")
        async def go(ack, body):
            seen.append(body)
            await ack()

        assert (await town.slack.open_home(town.ben)).ok
        await town.slack.settle()
        await town.slack.click(town.ben, town.slack.home(town.ben), "Press me")
        await town.slack.open_home(town.ben)
        await town.slack.settle()
    assert "view" not in seen[0]
    assert seen[1]["container"]["type"] == "view"
    assert seen[2]["view"]["type"] == "home"
    assert town.slack.home(town.cem) is None


# ── shortcuts and suggestions ─────────────────────────────────────────────────


async def test_shortcuts_open_forms(town):
    seen = []
    async with bot(town.slack) as one:
        one.listen("message")

        @one.app.shortcut("save")
        async def save(ack, body, client):
            seen.append(body)
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=modal(text_input()))

        ts = (await town.slack.post(town.cem, town.room, "a thought")).ts
        await town.slack.message_shortcut(town.ben, town.slack.message(town.room, ts), "save")
        await town.slack.settle()
        assert town.slack.modal(town.ben)
        await town.slack.global_shortcut(town.cem, "save")
        await town.slack.settle()
        assert town.slack.modal(town.cem)
    assert seen[0]["message"]["text"] == "a thought"
    assert "message" not in seen[1]


async def test_suggestions_come_back_and_can_be_chosen(town):
    element = {"type": "external_select", "action_id": "deck", "min_query_length": 0}
    block = {"type": "input", "block_id": "deck", "label": plain("Deck"), "element": element}
    async with bot(town.slack) as one:
        submitted = on_submit(one)

        @one.app.options("deck")
        async def options(ack, payload):
            await ack(options=[{"text": plain(payload["value"].upper()), "value": payload["value"]}])

        await open_modal(one, town, modal(block))
        found = await town.slack.suggest(town.ben, town.slack.modal(town.ben), "deck", "roots")
        [option] = found.body["options"]
        await town.slack.submit(town.ben, {"Deck": option})
    assert submitted[0]["view"]["state"]["values"]["deck"]["deck"]["selected_option"]["value"] == "roots"


# ── what inputs hold ──────────────────────────────────────────────────────────


def options(*labels):
    return [{"text": plain(label), "value": label.lower()} for label in labels]


INPUTS = {
    "plain_text_input": ({}, "hello", {"value": "hello"}),
    "number_input": ({"is_decimal_allowed": False, "min_value": "2", "max_value": "5"}, "3", {"value": "3"}),
    "email_text_input": ({}, "ben@school.invalid", {"value": "ben@school.invalid"}),
    "url_text_input": ({}, "https://a.invalid", {"value": "https://a.invalid"}),
    "users_select": ({}, "U1", {"selected_user": "U1"}),
    "multi_users_select": ({}, ["U1", "U2"], {"selected_users": ["U1", "U2"]}),
    "conversations_select": ({}, "C1", {"selected_conversation": "C1"}),
    "channels_select": ({}, "C1", {"selected_channel": "C1"}),
    "datepicker": ({}, "2026-10-05", {"selected_date": "2026-10-05"}),
    "timepicker": ({}, "09:30", {"selected_time": "09:30"}),
    "datetimepicker": ({}, datetime(2026, 10, 5, 9, tzinfo=UTC), {"selected_date_time": 1791190800}),
}


@pytest.mark.parametrize("kind", INPUTS)
async def test_what_people_put_in_arrives_as_slack_sends_it(town, kind):
    more, value, state = INPUTS[kind]
    async with bot(town.slack) as one:
        submitted = on_submit(one)
        element = {"type": kind, "action_id": "in", **more}
        await open_modal(
            one, town, modal({"type": "input", "block_id": "b", "label": plain("It"), "element": element})
        )
        await town.slack.submit(town.ben, {"It": value})
    assert submitted[0]["view"]["state"]["values"]["b"]["in"] == {"type": kind, **state}


@pytest.mark.parametrize("kind", ["static_select", "radio_buttons", "checkboxes", "multi_static_select"])
async def test_options_are_chosen_by_label_or_value_and_start_as_the_app_says(town, kind):
    several = kind in ("checkboxes", "multi_static_select")
    key = "selected_options" if several else "selected_option"
    choices = options("Red", "Blue")
    initial = {"initial_options": choices[:1]} if several else {"initial_option": choices[0]}
    element = {"type": kind, "action_id": "in", "options": choices, **initial}

    def chosen(body):
        held = body["view"]["state"]["values"]["b"]["in"][key]
        return [o["value"] for o in held] if several else held["value"]

    async with bot(town.slack) as one:
        submitted = on_submit(one)
        view = modal({"type": "input", "block_id": "b", "label": plain("It"), "element": element})
        for values in ({}, {"It": "Blue"}, {"b": "blue"}):
            trigger = town.slack.triggers.give(town.ben)
            await one.client.views_open(trigger_id=trigger, view=view)
            await town.slack.submit(town.ben, values)
    assert [chosen(body) for body in submitted] == (
        [["red"], ["blue"], ["blue"]] if several else ["red", "blue", "blue"]
    )


@pytest.mark.parametrize(
    ("kind", "more", "value", "why"),
    [
        ("number_input", {"is_decimal_allowed": False}, "three", "a number"),
        ("number_input", {"is_decimal_allowed": False}, "1.5", "whole"),
        ("number_input", {"is_decimal_allowed": True, "min_value": "2"}, "1.5", "not below 2"),
        ("number_input", {"is_decimal_allowed": True, "max_value": "2"}, "2.5", "not above 2"),
        ("email_text_input", {}, "ben", "email"),
        ("url_text_input", {}, "a.invalid", "URL"),
        ("plain_text_input", {"min_length": 3}, "no", "at least 3"),
        ("multi_users_select", {"max_selected_items": 1}, ["U1", "U2"], "at most 1"),
    ],
)
async def test_what_the_client_does_not_let_through(town, kind, more, value, why):
    client, slack = client_of(town.slack), town.slack
    element = {"type": kind, "action_id": "in", **more}
    view = modal({"type": "input", "block_id": "b", "label": plain("It"), "element": element})
    await client.views_open(trigger_id=slack.triggers.give(town.ben), view=view)
    with pytest.raises(NotPossible, match=why):
        await slack.submit(town.ben, {"It": value})


async def test_choosing_in_a_form_is_told_only_with_dispatch_action(town):
    told = []
    quiet = {"type": "users_select", "action_id": "quiet"}
    loud = {"type": "static_select", "action_id": "loud", "options": options("Red", "Blue")}
    blocks = [
        {"type": "input", "block_id": "q", "label": plain("Quiet"), "element": quiet},
        {"type": "input", "block_id": "l", "label": plain("Loud"), "element": loud, "dispatch_action": True},
    ]
    async with bot(town.slack) as one:

        @one.app.action("loud")
        async def changed(ack, body, client):
            told.append(body["view"]["state"]["values"])
            await ack()
            await client.views_update(view_id=body["view"]["id"], view=modal(*blocks, text_input("more")))

        await open_modal(one, town, modal(*blocks))
        assert (await town.slack.choose(town.ben, town.slack.modal(town.ben), "Quiet", town.cem)).acks == ()
        assert (await town.slack.choose(town.ben, town.slack.modal(town.ben), "Loud", "Blue")).ok
        await town.slack.settle()
        view = town.slack.modal(town.ben)
    assert told[0]["q"]["quiet"]["selected_user"] == town.cem
    assert [b["block_id"] for b in view["blocks"]] == ["q", "l", "more"]
    assert view["state"]["values"]["l"]["loud"]["selected_option"]["value"] == "blue"
    assert view["state"]["values"]["q"]["quiet"]["selected_user"] == town.cem


async def test_a_form_can_carry_a_response_url(town):
    element = {"type": "conversations_select", "action_id": "in", "response_url_enabled": True}
    async with bot(town.slack) as one:
        submitted = on_submit(one)
        await open_modal(
            one, town, modal({"type": "input", "block_id": "b", "label": plain("Where"), "element": element})
        )
        await town.slack.submit(town.ben, {"Where": town.room})
    [url] = submitted[0]["response_urls"]
    assert (url["channel_id"], url["block_id"]) == (town.room, "b")
