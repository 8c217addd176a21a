"""Canvases are answered as Slack documents them: one a channel, one change a call, found by words, read back whole."""

from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError

from tests.fakes.slack import FakeSlack
from tests.fakes.slack.rig import client_of

TEXT = "# Plan\n\n**What:** Wait & see\n\n- [ ] Buy tea\n- [x] Ask\n"


def content(markdown):
    return {"type": "markdown", "markdown": markdown}


@pytest.fixture
async def made(town):
    """(client, the id of a canvas of the room)."""
    client = client_of(town.slack)
    answer = await client.conversations_canvases_create(channel_id=town.room, document_content=content(TEXT))
    return client, answer["canvas_id"]


async def refused(call):
    with pytest.raises(SlackApiError) as error:
        await call
    return error.value.response["error"]


async def section(client, canvas, words):
    found = await client.canvases_sections_lookup(canvas_id=canvas, criteria={"contains_text": words})
    return [one["id"] for one in found["sections"]]


async def test_a_channel_has_one_canvas_and_says_which(town, made):
    client, canvas = made
    again = client.conversations_canvases_create(channel_id=town.room, document_content=content("x"))
    assert await refused(again) == "channel_canvas_already_exists"
    info = await client.conversations_info(channel=town.room)
    assert info["channel"]["properties"]["canvas"]["file_id"] == canvas
    assert not info["channel"]["properties"]["canvas"]["is_empty"]
    read = await client.canvases_getContent(canvas_id=canvas)
    assert read["content"] == TEXT


async def test_each_block_is_a_section_and_one_is_changed_by_a_call(made):
    client, canvas = made
    [what] = await section(client, canvas, "What: Wait & see")
    [tea] = await section(client, canvas, "Buy tea")
    change = {"operation": "replace", "section_id": tea, "document_content": content("- [x] Buy tea")}
    assert (
        await refused(client.canvases_edit(canvas_id=canvas, changes=[change, change])) == "invalid_arguments"
    )
    await client.canvases_edit(canvas_id=canvas, changes=[change])
    await client.canvases_edit(
        canvas_id=canvas,
        changes=[
            {"operation": "insert_after", "section_id": what, "document_content": content("**Where:** Here")}
        ],
    )
    await client.canvases_edit(canvas_id=canvas, changes=[{"operation": "delete", "section_id": what}])
    read = await client.canvases_getContent(canvas_id=canvas, content_type="markdown")
    assert read["content"] == "# Plan\n\n**Where:** Here\n\n- [x] Buy tea\n- [x] Ask\n"
    gone = client.canvases_edit(canvas_id=canvas, changes=[{"operation": "delete", "section_id": what}])
    assert await refused(gone) == "canvas_editing_failed"


async def test_a_list_may_be_one_section(town):
    town.slack.canvas_lists = True
    client = client_of(town.slack)
    answer = await client.conversations_canvases_create(channel_id=town.room, document_content=content(TEXT))
    assert await section(client, answer["canvas_id"], "Buy tea") == await section(
        client, answer["canvas_id"], "Ask"
    )


async def test_a_canvas_is_refused_while_it_is_locked_too_large_deleted_or_out_of_sight(town, made):
    client, canvas = made
    town.slack.canvas_of(town.room).locked = 1
    end = {"operation": "insert_at_end", "document_content": content("more")}
    assert await refused(client.canvases_edit(canvas_id=canvas, changes=[end])) == "canvas_editing_locked"
    await client.canvases_edit(canvas_id=canvas, changes=[end])
    large = {"operation": "insert_at_end", "document_content": content("x" * 700_000)}
    await client.canvases_edit(canvas_id=canvas, changes=[large])
    assert await refused(client.canvases_edit(canvas_id=canvas, changes=[large])) == "canvas_too_large"
    assert await refused(client.canvases_getContent(canvas_id="F0")) == "canvas_not_found"
    await client.canvases_delete(canvas_id=canvas)
    assert await refused(client.canvases_getContent(canvas_id=canvas)) == "canvas_not_found"
    looked = client.canvases_sections_lookup(canvas_id=canvas, criteria={"contains_text": "x"})
    assert await refused(looked) == "canvas_deleted"


async def test_a_canvas_needs_its_scopes_and_membership(town):
    client = client_of(town.slack)
    elsewhere = town.slack.channel("elsewhere", bot=False)
    outside = client.conversations_canvases_create(channel_id=elsewhere, document_content=content("x"))
    assert await refused(outside) == "not_in_channel"
    async with FakeSlack(manifest={"oauth_config": {"scopes": {"bot": ["canvases:read"]}}}) as slack:
        room = slack.channel("staffroom")
        made = client_of(slack).conversations_canvases_create(channel_id=room, document_content=content("x"))
        assert await refused(made) == "missing_scope"
