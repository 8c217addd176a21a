"""People, channels, groups, marks and files as the Web API tells of them."""

from __future__ import annotations

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from tests.fakes.slack.rig import client_of


@pytest.fixture
def client(town):
    return client_of(town.slack)


async def everything(call, key):
    found, cursor, pages = [], None, 0
    while cursor != "":
        page = await call(limit=40, cursor=cursor)
        found += page[key]
        cursor = page["response_metadata"]["next_cursor"]
        pages += 1
    return found, pages


async def test_lists_come_in_pages(town, client):
    slack = town.slack
    people = [slack.person(f"Person {n}") for n in range(100)]
    channels = [slack.channel(f"room-{n}", people if n == 0 else []) for n in range(90)]
    found, pages = await everything(client.users_list, "members")
    assert ({p["id"] for p in found}, pages) == ({*people, town.ada, town.ben, town.cem, slack.bot}, 3)
    found, pages = await everything(client.conversations_list, "channels")
    assert ({c["id"] for c in found}, pages) == ({*channels, town.room}, 3)
    found, pages = await everything(
        lambda **page: client.conversations_members(channel=channels[0], **page), "members"
    )
    assert (set(found), pages) == ({*people, slack.bot}, 3)
    with pytest.raises(SlackApiError, match="invalid_cursor"):
        await client.users_list(cursor="made up")


async def test_a_person_is_described_with_zone_and_roles(town, client):
    ben = (await client.users_info(user=town.ben))["user"]
    assert (ben["name"], ben["real_name"], ben["profile"]["display_name"]) == (
        "ben.brook",
        "Ben Brook",
        "Benny",
    )
    assert (ben["tz"], ben["tz_offset"]) == ("America/Chicago", -5 * 3600)
    assert not ben["is_admin"]
    assert (await client.users_info(user=town.ada))["user"]["is_admin"]
    assert (await client.users_info(user=town.cem))["user"]["profile"]["display_name"] == ""
    found = await client.users_lookupByEmail(email="ben.brook@school.invalid")
    assert found["user"]["id"] == town.ben
    with pytest.raises(SlackApiError, match="user_not_found"):
        await client.users_info(user="U404")
    with pytest.raises(SlackApiError, match="users_not_found"):
        await client.users_lookupByEmail(email="nobody@school.invalid")


async def test_channels_by_kind(town, client):
    slack = town.slack
    slack.channel("old", archived=True)
    slack.channel("hidden", [town.ben], private=True, bot=False)
    board = slack.channel("board", [town.ben], private=True)
    direct = slack.dm(town.ben)

    async def names(call, **asked):
        return [c.get("name", c["id"]) for c in (await call(**asked))["channels"]]

    assert await names(client.conversations_list) == ["staffroom", "old"]
    assert await names(client.conversations_list, exclude_archived=True) == ["staffroom"]
    assert await names(client.users_conversations, types="private_channel,im") == ["board", direct]
    info = (await client.conversations_info(channel=board, include_num_members=True))["channel"]
    assert (info["is_private"], info["is_member"], info["num_members"]) == (True, True, 2)
    assert (await client.conversations_info(channel=direct))["channel"]["user"] == town.ben
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await client.conversations_info(channel="C404")


async def test_the_bot_comes_invites_and_goes(town, client):
    lounge = town.slack.channel("lounge", [town.ben], bot=False)
    await client.conversations_join(channel=lounge)
    assert (await client.conversations_join(channel=lounge))["warning"] == "already_in_channel"
    await client.conversations_invite(channel=lounge, users=[town.cem])
    with pytest.raises(SlackApiError, match="already_in_channel"):
        await client.conversations_invite(channel=lounge, users=[town.cem])
    await client.conversations_kick(channel=lounge, user=town.cem)
    await client.conversations_setTopic(channel=lounge, topic="Tea")
    await client.conversations_leave(channel=lounge)
    with pytest.raises(SlackApiError, match="not_in_channel"):
        await client.chat_postMessage(channel=lounge, text="x")
    made = (await client.conversations_create(name="new-room"))["channel"]
    assert made["is_member"]
    with pytest.raises(SlackApiError, match="name_taken"):
        await client.conversations_create(name="new-room")


async def test_user_groups(town, client):
    group = town.slack.group("Coaches", [town.ada])
    listed = (await client.usergroups_list(include_users=True))["usergroups"]
    assert [(g["handle"], g["users"]) for g in listed] == [("coaches", [town.ada])]
    await client.usergroups_users_update(usergroup=group, users=[town.ben, town.cem])
    assert (await client.usergroups_users_list(usergroup=group))["users"] == [town.ben, town.cem]
    await client.usergroups_disable(usergroup=group)
    assert (await client.usergroups_list())["usergroups"] == []
    with pytest.raises(SlackApiError, match="no_such_subteam"):
        await client.usergroups_users_list(usergroup="S404")


async def test_reactions_of_the_bot(town, client):
    ts = (await town.slack.post(town.ben, town.room, "x")).ts
    at = {"channel": town.room, "timestamp": ts}
    await client.reactions_add(name="wave", **at)
    for name, code in (("wave", "already_reacted"), (":wave:", "invalid_name"), ("Wave", "invalid_name")):
        with pytest.raises(SlackApiError, match=code):
            await client.reactions_add(name=name, **at)
    assert (await client.reactions_get(**at))["message"]["reactions"][0]["users"] == [town.slack.bot]
    await client.reactions_remove(name="wave", **at)
    with pytest.raises(SlackApiError, match="no_reaction"):
        await client.reactions_remove(name="wave", **at)
    with pytest.raises(SlackApiError, match="message_not_found"):
        await client.reactions_add(name="wave", channel=town.room, timestamp="1.000000")


async def test_pins(town, client):
    ts = (await town.slack.post(town.ben, town.room, "x")).ts
    await client.pins_add(channel=town.room, timestamp=ts)
    with pytest.raises(SlackApiError, match="already_pinned"):
        await client.pins_add(channel=town.room, timestamp=ts)
    [item] = (await client.pins_list(channel=town.room))["items"]
    assert item["message"]["text"] == "x"
    assert town.slack.pins(town.room) == [ts]
    await client.pins_remove(channel=town.room, timestamp=ts)
    with pytest.raises(SlackApiError, match="no_pin"):
        await client.pins_remove(channel=town.room, timestamp=ts)


async def test_a_file_is_uploaded_shared_read_and_deleted(town, client):
    slack = town.slack
    done = await client.files_upload_v2(
        channel=town.room, filename="chart.png", content=b"\x89PNG", title="Chart", initial_comment="Look"
    )
    assert [c.method for c in slack.calls()] == [
        "files.getUploadURLExternal",
        "upload",
        "files.completeUploadExternal",
    ]
    [message] = slack.messages(town.room)
    assert (message["subtype"], message["text"]) == ("file_share", "Look")
    key = done["file"]["id"]
    info = (await client.files_info(file=key))["file"]
    assert info["title"] == "Chart"
    assert info["shares"]["public"][town.room][0]["ts"] == message["ts"]
    async with aiohttp.ClientSession() as session:
        signed = {"Authorization": f"Bearer {slack.bot_token}"}
        async with session.get(info["url_private"], headers=signed) as answer:
            assert await answer.read() == b"\x89PNG"
        async with session.get(info["url_private"], allow_redirects=False) as answer:
            assert answer.status == 302
    await client.files_delete(file=key)
    assert slack.messages(town.room)[0]["files"] == [{"id": key, "mode": "tombstone"}]
    with pytest.raises(SlackApiError, match="file_deleted"):
        await client.files_info(file=key)


async def test_a_file_needs_all_three_steps_before_it_can_be_shown(town, client):
    with pytest.raises(SlackApiError, match="missing_argument"):
        await client.files_getUploadURLExternal(filename="a.png", length=0)
    url = await client.files_getUploadURLExternal(filename="a.png", length=3, alt_txt="three dots")
    key = url["file_id"]
    picture = [{"type": "image", "alt_text": "a", "slack_file": {"id": key}}]
    with pytest.raises(SlackApiError, match="file_not_found"):
        await client.files_completeUploadExternal(files=[{"id": key, "title": "A"}])
    async with aiohttp.ClientSession() as session:
        async with session.post(url["upload_url"], data=b"....") as answer:
            assert answer.status == 400
        async with session.post(url["upload_url"], data=b"...") as answer:
            assert await answer.text() == "OK - 3"
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        await client.chat_postMessage(channel=town.room, text="x", blocks=picture)
    done = await client.files_completeUploadExternal(files=[{"id": key, "title": "A"}])
    assert done["files"][0]["alt_txt"] == "three dots"
    await client.chat_postMessage(channel=town.room, text="x", blocks=picture)
    assert len(town.slack.messages(town.room)) == 1


async def test_a_file_can_take_slack_a_while(town, client):
    town.slack.slow_files = 2
    done = await client.files_upload_v2(filename="chart.png", content=b"png")
    key = done["file"]["id"]
    assert done["file"]["mimetype"] == ""
    picture = [{"type": "image", "alt_text": "a", "slack_file": {"id": key}}]
    with pytest.raises(SlackApiError) as error:
        await client.chat_postMessage(channel=town.room, text="x", blocks=picture)
    assert error.value.response["errors"] == ["invalid slack file [json-pointer:/blocks/0/slack_file]"]
    assert (await client.files_info(file=key))["file"]["mimetype"] == ""
    assert (await client.files_info(file=key))["file"]["mimetype"] == "image/png"
    await client.chat_postMessage(channel=town.room, text="x", blocks=picture)


async def test_a_slow_file_is_shown_after_what_was_said_meanwhile(town, client):
    town.slack.slow_files = 1
    await client.files_upload_v2(channel=town.room, filename="a.txt", content=b"abc", initial_comment="file")
    await client.chat_postMessage(channel=town.room, text="meanwhile")
    await town.slack.settle()
    assert [m["text"] for m in town.slack.messages(town.room)] == ["meanwhile", "file"]
    assert town.slack.messages(town.room)[1]["files"][0]["mimetype"] == "text/plain"


async def test_who_the_app_is(town, client):
    me = await client.auth_test()
    assert (me["user_id"], me["bot_id"], me["team_id"]) == (
        town.slack.bot,
        town.slack.world.bot_id,
        town.slack.team,
    )
    assert (await client.team_info())["team"]["domain"] == "north"
    assert (await client.bots_info(bot=me["bot_id"]))["bot"]["user_id"] == me["user_id"]
    assert (await client.emoji_list())["emoji"] == {}


async def test_arguments_are_merged_from_query_form_and_json(town):
    slack = town.slack
    signed = {"Authorization": f"Bearer {slack.bot_token}"}
    async with aiohttp.ClientSession(headers=signed) as session:
        url = slack.api_url + "chat.postMessage"

        async def ask(**how):
            async with session.post(url, **how) as answer:
                return (await answer.json())["ok"]

        assert await ask(params={"channel": town.room, "text": "query"})
        assert await ask(data={"channel": town.room, "text": "form", "blocks": '[{"type": "divider"}]'})
        assert await ask(
            params={"channel": "C404", "text": "query"}, json={"channel": town.room, "text": "later wins"}
        )
        form = aiohttp.FormData()
        form.add_field("channel", town.room)
        form.add_field("text", "multipart", content_type="text/plain")
        assert await ask(data=form)
    assert [m["text"] for m in slack.messages(town.room)] == ["query", "form", "later wins", "multipart"]
