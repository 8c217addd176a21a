"""What is read is what Slack shows."""

from __future__ import annotations

from tests.fakes.slack import reading

NAMES = {"U1": "Ben Brook", "C1": "staffroom", "S1": "coaches"}


def plain(text):
    return {"type": "plain_text", "text": text}


def mrkdwn(text):
    return {"type": "mrkdwn", "text": text}


def section(text):
    return {"blocks": [{"type": "section", "text": mrkdwn(text)}]}


def rich(*elements, kind="rich_text_section"):
    return {"blocks": [{"type": "rich_text", "elements": [{"type": kind, "elements": list(elements)}]}]}


def test_mrkdwn_is_decoded():
    payload = section("*Bread* &amp; _butter_ for <@U1> in <#C1>, <https://a.invalid|here> &lt;3 `*code*`")
    assert reading.text(payload, NAMES) == "Bread & butter for @Ben Brook in #staffroom, here <3 *code*"


def test_marks_inside_words_stay():
    assert reading.text(section("snake_case_name 2*3*4 *bold _both_*")) == "snake_case_name 2*3*4 bold both"


def test_quotes_keep_their_mark_and_invisible_characters_vanish():
    assert reading.text(section("&gt; a\u200b word\n&gt;another")) == "> a word\n> another"


def test_times_show_their_fallback_or_the_readers_own_time():
    moment = section("Due <!date^1791205200^{date_long} at {time}|Monday 13:00>.")
    assert reading.text(moment) == "Due Monday 13:00."
    shown = reading.text(moment, zone="America/Chicago")
    assert shown == "Due Monday, October 5th, 2026 at 8:00 AM."
    date = rich({"type": "date", "timestamp": 1791205200, "format": "{date_num}", "fallback": "today"})
    assert reading.text(date) == "today"
    assert reading.text(date, zone="Asia/Tokyo") == "2026-10-05"


def test_every_block_is_read():
    option = {"text": plain("Red"), "value": "r"}
    payload = {
        "text": "not shown, because there are blocks",
        "blocks": [
            {"type": "header", "text": plain("Week 1")},
            {
                "type": "section",
                "text": plain("Look"),
                "fields": [mrkdwn("*Due*\nFriday"), plain("soon")],
                "accessory": {"type": "image", "alt_text": "a tree", "image_url": "https://a.invalid"},
            },
            {"type": "divider"},
            {
                "type": "context",
                "elements": [plain("Only you"), {"type": "image", "alt_text": "face", "image_url": "x"}],
            },
            {"type": "image", "alt_text": "12 answers", "title": plain("Chart"), "slack_file": {"id": "F1"}},
            {
                "type": "actions",
                "elements": [
                    {"type": "button", "text": plain("Answer")},
                    {"type": "static_select", "placeholder": plain("Color"), "options": [option]},
                    {"type": "static_select", "options": [option], "initial_option": option},
                ],
            },
            {"type": "markdown", "text": "# Head\n**bold** [label](https://a.invalid) \\*star\\*\n- item"},
            {
                "type": "table",
                "rows": [
                    [{"type": "raw_text", "text": "Team"}, {"type": "raw_text", "text": "*Done*"}],
                    [
                        {
                            "type": "rich_text",
                            "elements": [
                                {"type": "rich_text_section", "elements": [{"type": "text", "text": "A"}]}
                            ],
                        },
                        {"type": "raw_text", "text": "3"},
                    ],
                ],
            },
        ],
        "files": [{"id": "F1", "title": "notes.txt", "alt_txt": "notes"}, {"id": "F2", "mode": "tombstone"}],
    }
    assert reading.text(payload).split("\n") == [
        "Week 1",
        "Look",
        "Due",
        "Friday",
        "soon",
        "[picture: a tree]",
        "———",
        "Only you [picture: face]",
        "Chart",
        "[picture: 12 answers]",
        "[Answer] [Color] [Red]",
        "Head",
        "bold label *star*",
        "• item",
        "Team | *Done*",
        "A | 3",
        "[file: notes.txt, notes]",
        "[file: deleted]",
    ]
    assert reading.title(payload) == "Week 1"
    assert reading.buttons(payload) == ["Answer"]


def test_rich_text_is_literal():
    words = {"type": "text", "text": "<!channel> *not bold*\nsecond"}
    assert reading.text(rich(words, kind="rich_text_quote")) == "> <!channel> *not bold*\n> second"
    assert reading.text(rich(words, kind="rich_text_preformatted")) == "<!channel> *not bold*\nsecond"
    items = [{"type": "rich_text_section", "elements": [{"type": "text", "text": w}]} for w in ("a", "b")]
    listed = {"type": "rich_text_list", "style": "ordered", "elements": items}
    assert reading.text({"blocks": [{"type": "rich_text", "elements": [listed]}]}) == "1. a\n2. b"


def test_a_form_is_read_with_what_it_holds():
    element = {"type": "plain_text_input", "action_id": "in", "placeholder": plain("Write here")}
    view = {
        "type": "modal",
        "title": plain("A form"),
        "submit": plain("Send"),
        "blocks": [
            {
                "type": "input",
                "block_id": "b",
                "label": plain("Words"),
                "hint": plain("Any"),
                "element": element,
            }
        ],
    }
    assert reading.text(view) == "A form\nWords: [Write here]\nAny\n[Send]"
    filled = view | {"state": {"values": {"b": {"in": {"type": "plain_text_input", "value": "hello"}}}}}
    assert "Words: [hello]" in reading.text(filled)
    assert reading.title(view) == "A form"


def test_live_mentions_are_found_wherever_slack_parses():
    assert reading.live_mentions({"text": "<!channel> and <@U1|ben>"}) == ["<!channel>", "<@U1|ben>"]
    assert reading.live_mentions(section("<!subteam^S1> <!here> <!everyone> <@W2> <#C1>")) == [
        "<!subteam^S1>",
        "<!here>",
        "<!everyone>",
        "<@W2>",
    ]
    everyone = {"type": "broadcast", "range": "everyone"}
    group = {"type": "usergroup", "usergroup_id": "S1"}
    assert reading.live_mentions(rich({"type": "user", "user_id": "U1"}, everyone, group)) == [
        "<@U1>",
        "<!everyone>",
        "<!subteam^S1>",
    ]
    field = {"blocks": [{"type": "section", "fields": [mrkdwn("<!here>")]}]}
    context = {"blocks": [{"type": "context", "elements": [mrkdwn("<!here>")]}]}
    markdown = {"blocks": [{"type": "markdown", "text": "<!here>"}]}
    attached = {"attachments": [{"text": "<!here>"}]}
    for payload in (field, context, markdown, attached):
        assert reading.live_mentions(payload) == ["<!here>"]


def test_what_is_escaped_or_literal_notifies_nobody():
    assert reading.live_mentions({"text": "&lt;!channel&gt; @channel"}) == []
    assert reading.live_mentions({"blocks": [{"type": "header", "text": plain("<!channel>")}]}) == []
    assert reading.live_mentions(rich({"type": "text", "text": "<!channel>"})) == []
    table = {"blocks": [{"type": "table", "rows": [[{"type": "raw_text", "text": "<!channel>"}]]}]}
    assert reading.live_mentions(table) == []
