"""Saying things over the real wire: once, whatever happens, and with the right word for what did."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

import pytest

from adapters.slack.web_client import quiet_logger
from bot.chat.card_examples import examples
from bot.chat.cards import Card, File, Heading, Markdown, Picture, Quote, Table, say
from bot.chat.charts import Chart
from bot.chat.models import Place
from bot.chat.port import CredentialsRejected, OutcomeUnknown, Rejected, RetryLater
from tests.adapters.slack.rig import SWIFT, town, workspace
from tests.fakes.slack.reading import text

MARK = "abcdef0123456789abcdef01"
CARD = say("What did you notice?", Heading("What did you notice?"), Markdown("This week."))
PNG = bytes.fromhex("89504e470d0a1a0a") + b"0" * 40


async def test_a_post_is_one_message_that_carries_its_marker(here):
    ts = await here.adapter.post(here.place(), CARD, MARK)
    await here.rest()
    [message] = here.slack.messages(here.room)
    assert message["ts"] == ts
    assert message["blocks"][0]["block_id"] == f"tilth:{MARK}"
    [call] = here.posts
    assert call.args.text("text").startswith("What did you notice?")
    assert not call.args.flag("unfurl_links")
    assert not call.args.flag("unfurl_media")
    assert not {"link_names", "parse", "metadata"} & set(call.args)


@pytest.mark.parametrize(
    ("fault", "kind", "code", "there"),
    [
        ({"drop": "after"}, OutcomeUnknown, "disconnected", 1), ({"drop": "before"}, OutcomeUnknown, "disconnected", 0),
        ({"half": "json"}, OutcomeUnknown, "bad_answer", 1), ({"half": "cut"}, OutcomeUnknown, "disconnected", 1),
        ({"status": 500}, OutcomeUnknown, "http_500", 0), ({"status": 503}, OutcomeUnknown, "http_503", 0),
        ({"error": "fatal_error"}, OutcomeUnknown, "fatal_error", 0), ({"error": "internal_error"}, OutcomeUnknown, "internal_error", 0),
        ({"ratelimit": 7}, RetryLater, "ratelimited", 0), ({"error": "channel_not_found"}, Rejected, "channel_not_found", 0),
        ({"error": "token_revoked"}, CredentialsRejected, "token_revoked", 0),
    ],
)  # fmt: skip
async def test_a_post_that_goes_wrong_is_one_request_and_the_right_word(here, fault, kind, code, there):
    here.slack.fail("chat.postMessage", **fault)
    with pytest.raises(kind) as raised:
        await here.adapter.post(here.place(), CARD, MARK)
    assert raised.value.code == code
    assert len(here.posts) == 1, "nothing in between repeats a write"
    assert len(here.slack.messages(here.room)) == there
    if isinstance(raised.value, RetryLater):
        assert raised.value.seconds == 7


async def test_a_lost_answer_is_found_by_its_marker(here):
    here.slack.fail("chat.postMessage", drop="after")
    since = here.clock.now() - timedelta(seconds=5)
    with pytest.raises(OutcomeUnknown):
        await here.adapter.post(here.place(), CARD, MARK)
    [message] = here.slack.messages(here.room)
    assert await here.adapter.find(here.place(), MARK, since) == (message["ts"],)
    assert await here.adapter.find(here.place(), "another", since) == ()


async def test_no_network_at_all_is_certainly_not_done(here):
    for one in here.adapter.workspaces:
        one._wire.writes.base_url = "http://127.0.0.1:1/"
    with pytest.raises(RetryLater, match="cannot_connect"):
        await here.adapter.post(here.place(), CARD, MARK)


async def test_a_slow_answer_is_unclear(here):
    from adapters.slack.web_client import SlackWebClient

    slow = SlackWebClient(here.slack.api_url, here.slack.bot_token, total=0.2)
    await slow.open()
    here.slack.fail("chat.postMessage", delay=0.4)
    here.adapter.workspaces[0].team.api._wire = slow
    with pytest.raises(OutcomeUnknown, match="timeout"):
        await here.adapter.post(here.place(), CARD, MARK)
    await slow.close()
    await here.slack.settle()


async def test_an_unknown_space_waits_for_its_workspace(here):
    with pytest.raises(RetryLater, match="not_connected"):
        await here.adapter.post(Place("slack:T999", "C1"), CARD, MARK)


# ── long, with pictures and files ─────────────────────────────────────────────


async def test_a_long_card_continues_in_its_thread_and_all_of_it_is_there(here):
    words = "\n\n".join(f"Paragraph {number}. " + "word " * 100 for number in range(60))
    ts = await here.post_whole(say("Digest", Markdown(words)), MARK)
    await here.rest()
    [root] = here.slack.messages(here.room)
    rest = here.slack.replies(here.room, ts)
    assert len(rest) > 1
    shown = "\n".join(text(one) for one in (root, *rest))
    assert all(f"Paragraph {number}." in shown for number in range(60))
    assert await here.adapter.find(here.place(), MARK, here.clock.now() - timedelta(hours=1)) == (ts,)


async def test_a_page_that_slack_asks_to_wait_for_still_comes(here):
    words = "word " * 6000
    here.slack.fail("chat.postMessage", ratelimit=0.01, when=lambda args: "thread_ts" in args)
    await here.adapter.workspaces[0].team.api.say_all(here.place(), say("Digest", Markdown(words)))
    await here.rest()
    [root] = here.slack.messages(here.room)
    assert here.slack.replies(here.room, root["ts"])


async def test_a_picture_is_brought_and_shown_with_its_words(here):
    ts = await here.adapter.post(here.place(), Card("Progress", (Picture(PNG, "Two of three."),)), MARK)
    [block] = here.slack.message(here.room, ts)["blocks"]
    assert block["alt_text"] == "Two of three."
    assert here.slack.file(block["slack_file"]["id"]).data == PNG


async def test_a_picture_that_slack_does_not_know_yet_is_waited_for(here):
    here.slack.fail("chat.postMessage", error="invalid_blocks")
    ts = await here.adapter.post(here.place(), Card("Progress", (Picture(PNG, "Two of three."),)), MARK)
    assert here.slack.message(here.room, ts)["blocks"][0]["type"] == "image"
    assert len(here.posts) == 2


async def test_what_a_workspace_does_not_know_is_said_in_words(here):
    here.slack.fail("chat.postMessage", error="invalid_blocks")
    card = say("Teams", Table(("Team", "Done"), (("North", "2"),)))
    ts = await here.adapter.post(here.place(), card, MARK)
    message = here.slack.message(here.room, ts)
    assert [one["type"] for one in message["blocks"]] == ["rich_text"]
    assert message["blocks"][0]["block_id"] == f"tilth:{MARK}"
    assert "North" in text(message)


async def test_without_the_scope_pictures_are_words_and_nobody_asks_twice():
    slack = workspace()
    slack.manifest.scopes.discard("files:write")
    async with town(slack) as here:
        for _ in range(2):
            ts = await here.adapter.post(
                here.place(), Card("Progress", (Picture(PNG, "Two of three."),)), MARK
            )
            assert "Two of three." in text(here.slack.message(here.room, ts))
        assert len(here.slack.calls("files.getUploadURLExternal")) == 1


@pytest.mark.parametrize("step", ["files.getUploadURLExternal", "files.completeUploadExternal"])
async def test_an_upload_that_fails_says_nothing_and_is_tried_again(here, step):
    here.slack.fail(step, status=500)
    with pytest.raises(RetryLater):
        await here.adapter.post(here.place(), Card("Progress", (Picture(PNG, "Two of three."),)), MARK)
    assert here.posts == []


async def test_a_file_comes_into_the_thread_of_its_post(here):
    card = say("Notes", Markdown("Here they are."), File("notes.txt", b"two words", "Notes"))
    ts = await here.post_whole(card, MARK)
    await here.rest()
    [reply] = here.slack.replies(here.room, ts)
    [file] = reply["files"]
    assert here.slack.file(file["id"]).data == b"two words"


async def test_each_part_of_a_card_is_found_by_its_own_marker_files_too_and_by_the_next_process(here):
    words = "\n\n".join(f"Paragraph {number}. " + "word " * 100 for number in range(60))
    card = say("Notes", Markdown(words), File("notes.txt", b"two words", "Notes"))
    ts = await here.post_whole(card, MARK)
    parts = here.adapter.count_parts(card)
    assert parts == 4
    await here.restart()
    since = here.clock.now() - timedelta(hours=1)
    found = [await here.adapter.find(here.place(ts), f"{MARK}:{part}", since) for part in range(1, parts)]
    assert all(len(one) == 1 for one in found)
    replies = here.slack.replies(here.room, ts)
    assert [one[0] for one in found[:-1]] == [reply["ts"] for reply in replies[:-1]]
    assert found[-1] == (replies[-1]["files"][0]["id"],)
    assert await here.adapter.find(here.place(ts), "other", since) == ()
    for _ in range(2):
        await here.adapter.delete(here.place(ts), found[-1][0])
    assert await here.adapter.find(here.place(ts), f"{MARK}:{parts - 1}", since) == ()


async def test_a_part_that_a_workspace_does_not_take_is_not_there_and_nothing_is_wrong():
    slack = workspace()
    slack.manifest.scopes.discard("files:write")
    async with town(slack) as here:
        card = say("Notes", File("notes.txt", b"two words", "Notes"))
        ts = await here.adapter.post(here.place(), card, MARK)
        assert here.adapter.count_parts(card) == 2
        assert await here.adapter.post(here.place(ts), card, "files", 1) == ""


async def test_the_files_of_old_cards_are_forgotten(here, monkeypatch):
    monkeypatch.setattr("adapters.slack.state.UPLOADS", 4)
    state = here.adapter.workspaces[0]._state
    for number in range(7):
        await state.note_files(f"m{number}", (f"F{number}",), float(number))
    assert await state.noted_files("m0") == ()
    assert await state.noted_files("m6") == (("F6",),)
    await state.note_files("m6", ("F7", "F8"), 9.0)
    assert await state.noted_files("m6") == (("F6",), ("F7", "F8"))


async def test_a_file_for_one_person_goes_to_them_alone(here):
    card = say("Your data", File("data.json", b"{}", "Everything about you"))
    await here.adapter.private(here.place(), here.ada, card)
    await here.rest()
    assert here.slack.messages(here.room) == []
    [whisper] = here.slack.ephemerals(here.ada)
    assert "data.json" in text(whisper)
    [message] = here.slack.messages(here.slack.dm(here.ada))
    assert here.slack.file(message["files"][0]["id"]).data == b"{}"
    assert here.slack.ephemerals(here.ben) == []


# ── changing, taking back, looking ────────────────────────────────────────────


async def test_an_update_keeps_the_marker_also_after_a_restart(here):
    ts = await here.adapter.post(here.place(), CARD, MARK)
    await here.adapter.update(here.place(), ts, say("Closed."))
    assert len(here.slack.calls("conversations.history")) == 0, "what we said ourselves is remembered"
    await here.restart()
    await here.adapter.update(here.place(), ts, say("Closed for good."))
    message = here.slack.message(here.room, ts)
    assert "Closed for good." in text(message)
    assert message["blocks"][0]["block_id"] == f"tilth:{MARK}"


async def test_an_update_in_a_thread_keeps_the_marker_too(here):
    root = await here.adapter.post(here.place(), CARD, "root")
    ts = await here.adapter.post(here.place(root), CARD, MARK)
    await here.restart()
    await here.adapter.update(here.place(root), ts, say("Changed."))
    assert here.slack.message(here.room, ts)["blocks"][0]["block_id"] == f"tilth:{MARK}"


async def test_an_update_is_one_message_however_long_it_is(here):
    ts = await here.adapter.post(here.place(), CARD, MARK)
    await here.adapter.update(here.place(), ts, say("Long", Quote("word " * 8000)))
    assert "There is more than fits here." in text(here.slack.message(here.room, ts))


async def test_an_update_with_what_a_workspace_does_not_know_is_said_in_words(here):
    ts = await here.adapter.post(here.place(), CARD, MARK)
    here.slack.fail("chat.update", error="invalid_blocks")
    await here.adapter.update(here.place(), ts, say("Teams", Table(("Team", "Done"), (("North", "2"),))))
    message = here.slack.message(here.room, ts)
    assert [one["type"] for one in message["blocks"]] == ["rich_text"]
    here.slack.fail("chat.update", error="invalid_blocks", times=2)
    with pytest.raises(Rejected, match="invalid_blocks"):
        await here.adapter.update(here.place(), ts, CARD)


async def test_deleting_twice_is_success_and_what_is_not_ours_stays(here):
    ts = await here.adapter.post(here.place(), CARD, MARK)
    for _ in range(2):
        await here.adapter.delete(here.place(), ts)
    assert here.slack.messages(here.room) == []
    theirs = await here.slack.post(here.ada, here.room, "Mine.")
    with pytest.raises(Rejected, match="cant_delete_message"):
        await here.adapter.delete(here.place(), theirs.ts)


async def test_pinning_twice_and_taking_it_away_twice_is_success(here):
    ts = await here.adapter.post(here.place(), CARD, MARK)
    for pinned in (True, True, False, False):
        await here.adapter.pin(here.place(), ts, pinned=pinned)
        assert here.slack.pins(here.room) == ([ts] if pinned else [])


async def test_a_link_is_asked_for_once_and_none_for_what_is_gone(here):
    ts = await here.adapter.post(here.place(), CARD, MARK)
    links = {await here.adapter.link(here.place(), ts) for _ in range(3)}
    assert len(links) == 1
    assert ts.replace(".", "") in str(links)
    assert len(here.slack.calls("chat.getPermalink")) == 1
    assert await here.adapter.link(here.place(), "1.000000") is None


@pytest.mark.parametrize(
    ("channel", "why"), [({}, None), ({"archived": True}, "is_archived"), ({"bot": False}, "not_in_channel")]
)
async def test_what_would_go_wrong_is_known_beforehand(here, channel, why):
    id = here.slack.channel("lounge", [here.ada], **channel)
    assert await here.adapter.posting_problem(Place(here.space, id)) == why
    assert await here.adapter.posting_problem(Place(here.space, "C404")) == "channel_not_found"


async def test_somebody_who_is_not_in_the_channel_is_told_alone(here):
    zoe = here.slack.person("Zoe Reed")
    await here.adapter.private(here.place(), zoe, CARD)
    assert "What did you notice?" in text(here.slack.messages(here.slack.dm(zoe))[-1])


async def test_every_card_there_is_can_be_said(here):
    for card in examples():
        await here.adapter.post(here.place(), card, MARK)
        await here.adapter.private(here.place(), here.ada, card)
    await here.rest()


async def test_stopping_waits_for_what_has_begun(here):
    words = "word " * 6000
    slow = here.new_adapter(timings=SWIFT)
    await slow.start(here.door)
    here.slack.fail("chat.postMessage", delay=0.2, when=lambda args: "thread_ts" in args)
    await slow.workspaces[0].team.api.say_all(here.place(), say("Digest", Markdown(words)))
    await slow.stop()
    [root] = here.slack.messages(here.room)
    assert here.slack.replies(here.room, root["ts"])


def test_what_a_library_says_in_trouble_is_cut_before_it_quotes_anything(caplog):
    log = quiet_logger("web")
    log.error("Failed to connect (error: 403, url='wss://slack.example/?ticket=abc'); Retrying...")
    log.warning("The server responded with: {'text': 'A candid remark.'}")
    error = ValueError("A candid remark.")
    log.error("Failed to run listener function (error: A candid remark.)", exc_info=error)
    assert [one.getMessage() for one in caplog.records] == [
        "Failed to connect", "The server responded with", "Failed to run listener function",
    ]  # fmt: skip
    assert "candid" not in caplog.text


async def test_neither_tokens_nor_words_are_logged(here, caplog):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("asyncio").setLevel(logging.WARNING)
    await here.restart()
    await here.slack.post(here.ada, here.room, "A candid remark.")
    for fault in ({"status": 500}, {"error": "invalid_blocks", "times": 3}, {"half": "json"}):
        here.slack.fail("chat.postMessage", **fault)
        with pytest.raises((OutcomeUnknown, Rejected)):
            await here.adapter.post(here.place(), say("Another candid remark."), MARK)
    await asyncio.sleep(0)
    ours = [one for one in caplog.records if one.name.startswith(("adapters", "slack"))]
    written = "\n".join(one.getMessage() + str(one.exc_text or "") for one in ours)
    for secret in ("candid", here.slack.bot_token, here.slack.app_token, "ticket="):
        assert secret not in written


async def test_behind_a_single_root_texts_name_the_root(here):
    card = say("How", Markdown("Write `/try one 3`, or /tilth help."))
    await here.adapter.post(here.place(), card, MARK)
    assert "/try one 3" in here.posts[-1].args.text("text")
    assert "/tilth try" not in here.posts[-1].args.text("text")
    await here.restart(single_root=True)
    ts = await here.adapter.post(here.place(), card, "marker-2")
    assert "`/tilth try one 3`, or /tilth help." in here.posts[-1].args.text("text")
    await here.adapter.update(here.place(), ts, say("How", Markdown("`/try form`")))
    assert "/tilth try form" in here.slack.messages(here.room)[-1]["text"]


CHART = Card(
    "Answers",
    (Picture(PNG, "Oct 5: 12. Oct 12: 9.", Chart("Answers", "Answers", (("Oct 5", 12), ("Oct 12", 9)))),),
)
LONG = say("Teams", Table(("Team", "Done"), tuple((f"Team {n}", str(n)) for n in range(12))))


async def test_slack_draws_a_chart_itself_and_no_picture_is_brought(here):
    ts = await here.adapter.post(here.place(), CHART, MARK)
    message = here.slack.message(here.room, ts)
    [block] = message["blocks"]
    assert (block["type"], block["block_id"]) == ("data_visualization", f"tilth:{MARK}")
    assert "Oct 5: 12. Oct 12: 9." in message["text"]
    assert here.slack.calls("files.getUploadURLExternal") == []


async def test_a_chart_without_numbers_that_fit_stays_a_picture(here):
    long = Chart("Answers", "Answers", (("the week of the fifth of October", 12),))
    card = Card("Answers", (Picture(PNG, "A long label", long),))
    ts = await here.adapter.post(here.place(), card, MARK)
    assert [one["type"] for one in here.slack.message(here.room, ts)["blocks"]] == ["image"]
    assert len(here.posts) == 1


async def test_a_long_table_can_be_sorted_by_its_numbers(here):
    ts = await here.adapter.post(here.place(), LONG, MARK)
    [block] = here.slack.message(here.room, ts)["blocks"]
    assert (block["type"], block["caption"], len(block["rows"])) == ("data_table", "Teams", 13)
    assert block["rows"][3][1] == {"type": "raw_number", "value": 2, "text": "2"}


async def test_a_workspace_that_takes_no_charts_gets_pictures_and_is_asked_once(here):
    new = {"data_visualization", "data_table"}

    def has_new(args):
        return any(kind in str(args.get("blocks")) for kind in new)

    here.slack.fail("chat.postMessage", error="invalid_blocks", when=has_new, times=9)
    ts = await here.adapter.post(here.place(), CHART, MARK)
    assert [one["type"] for one in here.slack.message(here.room, ts)["blocks"]] == ["image"]
    asked = len(here.posts)
    ts = await here.adapter.post(here.place(), LONG, "second")
    assert [one["type"] for one in here.slack.message(here.room, ts)["blocks"]] == ["table"]
    assert len(here.posts) == asked + 1
