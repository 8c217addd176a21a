"""Forms, the home tab, shortcuts and suggestions."""

from __future__ import annotations

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
