"""Payloads of Slack as messages of the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from adapters.slack import hear
from adapters.slack.hear import Here
from bot.chat.models import Person, Place

HERE = Here("slack:T1", "U0BOT", "B0BOT")
ADA = Person("slack:T1", "U1", "Ada <&> Quinn")


@dataclass
class Names:
    def who(self, id):
        return {"U1": ADA, "U2": Person("slack:T1", "U2", "Ben")}.get(id)

    def channel_name(self, id):
        return {"C1": "staffroom"}.get(id)


def event(**more):
    return {
        "type": "message", "channel": "C1", "channel_type": "channel", "user": "U1", "text": "Hello.",
        "ts": "1791187200.000100", "event_ts": "1791187200.000100", **more,
    }  # fmt: skip


def changed(now, before, **more):
    base = {"type": "message", "user": "U1", "ts": "1791187200.000100"}
    return {
        "type": "message", "subtype": "message_changed", "hidden": True, "channel": "C1", "channel_type": "channel",
        "ts": "1791187300.000200", "event_ts": "1791187300.000200",
        "message": {**base, **now}, "previous_message": {**base, **before}, **more,
    }  # fmt: skip


def told(one):
    return hear.read_event(one, HERE, Names())


def test_a_message_has_its_place_its_time_and_its_author():
    found = told(event())
    assert (found.place, found.id, found.author, found.text) == (
        Place("slack:T1", "C1"), "1791187200.000100", ADA, "Hello.",
    )  # fmt: skip
    assert found.at == found.version == datetime(2026, 10, 5, 8, 0, 0, 100, UTC)


def test_a_root_stands_in_its_channel_and_a_reply_in_its_thread():
    assert told(event(thread_ts="1791187200.000100")).place.thread is None
    assert told(event(thread_ts="1791180000.000000")).place.thread == "1791180000.000000"
    assert told(event(thread_ts="1791180000.000000", subtype="thread_broadcast")).place.thread is not None


@pytest.mark.parametrize(
    "more", [{"channel_type": "im", "channel": "D1"}, {"channel": "D1", "channel_type": None}]
)
def test_a_direct_message_is_private(more):
    assert told(event(**more)).place.private


@pytest.mark.parametrize(
    "subtype",
    ["channel_join", "channel_leave", "channel_topic", "pinned_item", "reminder_add", "bot_add", "huddle_thread",
     "channel_archive", "ekm_access_denied", "something_new"],
)  # fmt: skip
def test_what_nobody_said_is_not_told(subtype):
    assert told(event(subtype=subtype)) is None


def test_a_message_with_files_is_an_ordinary_one_and_names_them():
    found = told(
        event(subtype="file_share", files=[{"id": "F1", "name": "notes.txt"}, {"id": "F2", "title": "Plan"}])
    )
    assert found.files == ("notes.txt", "Plan")


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("a &amp; b &lt; c &gt; d", "a & b < c > d"),
        ("&amp;lt;!here&amp;gt;", "&lt;!here&gt;"),
        ("<@U1> and <@U2|ben>", "@Ada <&> Quinn and @Ben"),
        ("<@U404>", "@U404"),
        ("<@U0BOT> hello", "@tilth hello"),
        ("in <#C1> or <#C1|> or <#C2|lounge> or <#C404>", "in #staffroom or #staffroom or #lounge or #C404"),
        ("<https://example.org/?a=1&amp;b=2>", "https://example.org/?a=1&b=2"),
        ("<https://example.org|the page>", "the page (https://example.org)"),
        ("<!here> <!subteam^S1|@mods>", "@here @mods"),
        ("*bold* _soft_ `code`", "*bold* _soft_ `code`"),
    ],
)
def test_a_text_is_what_its_author_saw(raw, read):
    assert told(event(text=raw)).text == read


@pytest.mark.parametrize(
    ("raw", "to"),
    [
        ("<@U1> well said", {"U1"}), ("<@U1>, <@U2|ben>: both of you", {"U1", "U2"}), ("well said <@U1>", set()),
        ("<@U0BOT> <@U1> hello", {"U1"}), ("  <@U1>", {"U1"}), ("plain", set()),
    ],
)  # fmt: skip
def test_whom_a_message_names_first_is_told_and_never_the_bot(raw, to):
    assert told(event(text=raw)).to == to


def test_an_edit_is_the_same_message_with_a_later_version():
    found = told(
        changed({"text": "New.", "edited": {"user": "U1", "ts": "1791187300.000000"}}, {"text": "Old."})
    )
    assert (found.id, found.text) == ("1791187200.000100", "New.")
    assert found.version == datetime(2026, 10, 5, 8, 1, 40, tzinfo=UTC)


def test_an_edit_in_the_second_of_writing_is_still_later():
    found = told(
        changed({"text": "New.", "edited": {"user": "U1", "ts": "1791187200.000000"}}, {"text": "Old."})
    )
    assert found.version == found.at + timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("now", "before"),
    [
        ({"text": "Same.", "attachments": [{"title": "A preview"}]}, {"text": "Same."}),
        ({"text": "Same.", "reply_count": 3, "latest_reply": "1791187299.0"}, {"text": "Same."}),
        ({"text": "Same.", "edited": {"user": "U1", "ts": "1.0"}, "attachments": [{}]},
         {"text": "Same.", "edited": {"user": "U1", "ts": "1.0"}}),
    ],
)  # fmt: skip
def test_a_change_without_a_new_word_is_none(now, before):
    assert told(changed(now, before)) is None


def test_a_deletion_keeps_where_and_who_and_no_word():
    found = told(
        event(
            subtype="message_deleted", deleted_ts="1791187200.000100", event_ts="1791187300.000200",
            previous_message={"type": "message", "user": "U1", "text": "Secret.", "thread_ts": "1791180000.000000"},
        )
    )  # fmt: skip
    assert (found.deleted, found.text, found.author) == (True, "", ADA)
    assert found.place.thread == "1791180000.000000"
    assert found.version == datetime(2026, 10, 5, 8, 1, 40, 200, UTC)


def test_a_tombstone_is_a_deletion():
    assert told(
        changed({"subtype": "tombstone", "user": "USLACKBOT", "text": "gone"}, {"text": "Secret."})
    ).deleted
    listed = {
        "type": "message",
        "subtype": "tombstone",
        "ts": "1.000000",
        "user": "USLACKBOT",
        "text": "gone",
    }
    assert hear.read_message(listed, HERE, Names(), "C1", direct=False).deleted


def test_our_own_messages_and_other_apps_are_told_apart_from_people():
    own = told(event(user="U0BOT", bot_id="B0BOT", blocks=[{"type": "header", "block_id": "tilth:abc"}]))
    assert (own.own, own.marker, own.author.bot) == (True, "abc", True)
    other = told(event(subtype="bot_message", user=None, bot_id="B9", username="Weather"))
    assert (other.own, other.author.bot, other.author.name) == (False, True, "Weather")


@pytest.mark.parametrize("ts", ["1791187200.000100", "1791187200.999999", "1.000000"])
def test_a_time_comes_back_as_it_was(ts):
    assert hear.stamp_of(hear.instant_of(ts)) == ts


@pytest.mark.parametrize(
    ("raw", "direct", "line"),
    [
        ("<@U0BOT> reflect now", False, "reflect now"), ("<@U0BOT|tilth>: reflect now", False, "reflect now"),
        ("<@U0BOT>", False, ""), ("<@U1> <@U0BOT> reflect", False, None), ("hi <@U0BOT> reflect", False, None),
        ("/reflect now", False, None), (" /reflect now", True, "/reflect now"), ("reflect now", True, None),
    ],
)  # fmt: skip
def test_a_command_begins_with_our_name_or_in_a_direct_message_with_a_slash(raw, direct, line):
    assert hear.command_line_in(raw, "U0BOT", direct=direct) == line


def test_a_crowd_of_mentions_is_not_looked_up():
    raw = " ".join(f"<@U{number:04}>" for number in range(500))
    assert len(hear.people_in(event(text=raw))) == hear.CROWD + 1
