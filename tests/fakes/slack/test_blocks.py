"""Block Kit limits: each holds at the limit and refuses one more."""

from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError

from tests.fakes.slack.blocks import check_message, check_view
from tests.fakes.slack.rig import client_of
from tests.fakes.slack.world import StoredFile

FILES = {"F1": StoredFile("F1", "a.png", "U1", 3, data=b"png", complete=True)}


def x(n):
    return "x" * n


def plain(text):
    return {"type": "plain_text", "text": text}


def mrkdwn(text):
    return {"type": "mrkdwn", "text": text}


def section(text):
    return {"type": "section", "text": mrkdwn(text)}


def actions(*elements):
    return {"type": "actions", "elements": list(elements)}


def button(n=1, **more):
    return {"type": "button", "text": plain("Go"), "action_id": f"a{n}"} | more


def options(n, text="Red", value="r"):
    return [{"text": plain(text), "value": f"{value}{i}"} for i in range(n)]


def select(kind="static_select", n=1, **more):
    return {"type": kind, "action_id": "s", "options": options(n)} | more


def field(element, label="Label", **more):
    return {"type": "input", "label": plain(label), "element": {"action_id": "e"} | element} | more


def rich(*elements, kind="rich_text_section"):
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(elements)}]}


def cell(text="x"):
    return {"type": "raw_text", "text": text}


def table(rows, columns, text="x"):
    return {"type": "table", "rows": [[cell(text)] * columns] * rows}


def long_table(rows, columns, text="x"):
    return {"type": "data_table", "caption": "c", "rows": [[cell(text)] * columns] * rows}


def chart(points, label="p", series=1):
    labels = [f"{label}{n}" for n in range(points)]
    data = [{"label": one, "value": 1} for one in labels]
    drawn = {
        "type": "bar", "axis_config": {"categories": labels},
        "series": [{"name": f"s{n}", "data": data} for n in range(series)],
    }  # fmt: skip
    return {"type": "data_visualization", "title": "t", "chart": drawn}


def blocks(n):
    return [{"type": "divider", "block_id": f"b{i}"} for i in range(n)]


def overflow(n):
    return {"type": "overflow", "action_id": "o", "options": options(n)}


LIMITS = {
    "blocks of a message": (blocks, 50),
    "block_id": (lambda n: [{"type": "divider", "block_id": x(n)}], 255),
    "section text": (lambda n: [section(x(n))], 3000),
    "section fields": (lambda n: [{"type": "section", "fields": [mrkdwn("x")] * n}], 10),
    "a field": (lambda n: [{"type": "section", "fields": [mrkdwn(x(n))]}], 2000),
    "header": (lambda n: [{"type": "header", "text": plain(x(n))}], 150),
    "context elements": (lambda n: [{"type": "context", "elements": [mrkdwn("x")] * n}], 10),
    "actions elements": (lambda n: [actions(*(button(i) for i in range(n)))], 25),
    "action_id": (lambda n: [actions(button(action_id=x(n)))], 255),
    "button text": (lambda n: [actions(button(text=plain(x(n))))], 75),
    "button value": (lambda n: [actions(button(value=x(n)))], 2000),
    "button url": (lambda n: [actions(button(url=x(n)))], 3000),
    "select options": (lambda n: [actions(select(n=n))], 100),
    "overflow options": (lambda n: [actions(overflow(n))], 5),
    "radio options": (lambda n: [actions(select("radio_buttons", n))], 10),
    "checkbox options": (lambda n: [actions(select("checkboxes", n))], 10),
    "option text": (lambda n: [actions(select(options=options(1, text=x(n))))], 75),
    "option value": (lambda n: [actions(select(options=options(1, value=x(n - 1))))], 150),
    "placeholder": (lambda n: [actions(select(placeholder=plain(x(n))))], 150),
    "input label": (lambda n: [field({"type": "users_select"}, label=x(n))], 2000),
    "input hint": (lambda n: [field({"type": "users_select"}, hint=plain(x(n)))], 2000),
    "max_length": (lambda n: [field({"type": "plain_text_input", "max_length": n})], 3000),
    "initial value": (lambda n: [field({"type": "plain_text_input", "initial_value": x(n)})], 3000),
    "initial value against max_length": (
        lambda n: [field({"type": "plain_text_input", "max_length": 20, "initial_value": x(n)})],
        20,
    ),
    "alt text": (lambda n: [{"type": "image", "alt_text": x(n), "image_url": "https://a.invalid"}], 2000),
    "markdown text": (lambda n: [{"type": "markdown", "text": x(n)}], 12_000),
    "markdown blocks together": (
        lambda n: [{"type": "markdown", "text": x(6000)}, {"type": "markdown", "text": x(n - 6000)}],
        12_000,
    ),
    "table rows": (lambda n: [table(n, 1)], 100),
    "table columns": (lambda n: [table(1, n)], 20),
    "table text": (lambda n: [table(1, 1, x(n))], 10_000),
    "tables": (lambda n: [table(1, 1)] * n, 1),
    "rows of a long table": (lambda n: [long_table(n, 1)], 101),
    "columns of a long table": (lambda n: [long_table(2, n)], 20),
    "text of a long table": (lambda n: [long_table(2, 1, x(n // 2) + "x" * (n % 2))], 10_000),
    "page of a long table": (lambda n: [long_table(2, 1) | {"page_size": n}], 100),
    "charts": (lambda n: [chart(2)] * n, 2),
    "points of a chart": (lambda n: [chart(n)], 20),
    "title of a chart": (lambda n: [chart(2) | {"title": x(n)}], 50),
    "label of a point": (lambda n: [chart(1, x(n - 1))], 20),
    "series of a chart": (lambda n: [chart(2, series=n)], 6),
    "text of all blocks": (lambda n: [section(x(3000))] * 4 + [section(x(n - 12_000))], 13_200),
    "confirm title": (
        lambda n: [
            actions(
                button(
                    confirm={
                        "title": plain(x(n)),
                        "text": plain("Sure?"),
                        "confirm": plain("Yes"),
                        "deny": plain("No"),
                    }
                )
            )
        ],
        100,
    ),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_holds_and_one_more_is_refused(name):
    make, limit = LIMITS[name]
    assert check_message(make(limit), FILES) == []
    assert check_message(make(limit + 1), FILES) != []


WRONG = {
    "an unknown block": [{"type": "banner"}],
    "an empty text": [section("")],
    "no text": [{"type": "section"}],
    "mrkdwn in a header": [{"type": "header", "text": mrkdwn("x")}],
    "a block_id twice": [{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}],
    "an action_id twice in a block": [actions(button(1), button(1))],
    "no elements": [actions()],
    "an input's element among actions": [actions({"type": "plain_text_input", "action_id": "a"})],
    "a button in an input": [field(button())],
    "an unknown style": [actions(button(style="loud"))],
    "emoji on mrkdwn": [{"type": "section", "text": mrkdwn("x") | {"emoji": True}}],
    "an initial option of another select": [actions(select(initial_option=options(1, value="other")[0]))],
    "a picture without words": [{"type": "image", "image_url": "https://a.invalid"}],
    "a picture from two places": [
        {"type": "image", "alt_text": "x", "image_url": "https://a.invalid", "slack_file": {"id": "F1"}}
    ],
    "a file that is not there": [{"type": "image", "alt_text": "x", "slack_file": {"id": "F2"}}],
    "a date that is none": [actions({"type": "datepicker", "action_id": "d", "initial_date": "5 October"})],
    "a moment of 13 digits": [
        field({"type": "datetimepicker", "initial_date_time": 1791190800000}),
    ],
    "a number without its kind": [field({"type": "number_input"})],
    "an empty cell": [table(1, 1, "")],
    "a long table of a header alone": [long_table(1, 1)],
    "a long table without a caption": [long_table(2, 1) | {"caption": ""}],
    "rows of two lengths": [{"type": "data_table", "caption": "c", "rows": [[cell("x")], [cell("x")] * 2]}],
    "a number in a plain table": [
        {"type": "table", "rows": [[{"type": "raw_number", "value": 1, "text": "1"}]]}
    ],
    "a chart without a point for a category": [
        chart(2) | {"chart": chart(2)["chart"] | {"axis_config": {"categories": ["p0", "p1", "p2"]}}}
    ],
    "a chart with a label twice": [
        chart(1) | {"chart": chart(1)["chart"] | {"axis_config": {"categories": ["p0", "p0"]}}}
    ],
    "an empty rich text": [rich({"type": "text", "text": ""})],
    "an unknown rich text element": [rich({"type": "shout", "text": "x"})],
    "two that want the focus": [field({"type": "users_select", "focus_on_load": True})] * 2,
    "no list": {"type": "divider"},
}


@pytest.mark.parametrize("name", WRONG)
def test_what_slack_refuses(name):
    assert check_message(WRONG[name], FILES) != []


GOOD = [
    {"type": "section", "text": plain("x"), "accessory": button()},
    {"type": "image", "alt_text": "x", "slack_file": {"id": "F1"}},
    {
        "type": "context",
        "elements": [{"type": "image", "alt_text": "x", "slack_file": {"id": "F1"}}, plain("x")],
    },
    rich({"type": "user", "user_id": "U1"}, {"type": "link", "url": "https://a.invalid"}),
    rich({"type": "text", "text": "x"}, kind="rich_text_quote"),
    actions(*({"type": kind, "action_id": kind} for kind in ("datepicker", "timepicker", "datetimepicker"))),
    field({"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}),
    *(field({"type": kind}) for kind in ("users_select", "conversations_select", "channels_select")),
    field(select("radio_buttons", 2, initial_option=options(2)[1])),
]


def test_what_slack_takes():
    assert check_message(GOOD, FILES) == []
    modal = [block for block in GOOD if block["type"] not in ("table", "markdown")]
    assert check_view(modal, "modal", FILES) == []


def test_views_take_a_hundred_blocks_and_no_tables_or_markdown():
    assert check_view(blocks(100), "modal", FILES) == []
    assert check_view(blocks(101), "modal", FILES) != []
    assert check_view([table(1, 1)], "modal", FILES) != []
    assert check_view([{"type": "markdown", "text": "x"}], "home", FILES) != []


async def test_a_refused_message_says_where(town):
    client = client_of(town.slack)
    with pytest.raises(SlackApiError) as error:
        await client.chat_postMessage(channel=town.room, text="x", blocks=[section(x(3001))])
    assert error.value.response["error"] == "invalid_blocks"
    assert error.value.response["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    ]
    with pytest.raises(SlackApiError, match="msg_blocks_too_long"):
        await client.chat_postMessage(channel=town.room, text="x", blocks=[section(x(2700))] * 5)
    assert town.slack.messages(town.room) == []


async def test_blocks_can_be_checked_without_posting(town):
    client = client_of(town.slack)
    assert await client.api_call("blocks.validate", json={"blocks": [section("x")]})
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        await client.api_call("blocks.validate", json={"blocks": [section("")]})


async def test_kept_blocks_have_ids_and_complete_texts(town):
    sent = [section("x & y"), actions({"type": "button", "text": plain("Go")})]
    await client_of(town.slack).chat_postMessage(channel=town.room, text="x", blocks=sent)
    first, second = town.slack.messages(town.room)[0]["blocks"]
    assert first["block_id"] != second["block_id"]
    assert first["text"] == {"type": "mrkdwn", "text": "x &amp; y", "verbatim": False}
    assert second["elements"][0]["action_id"]
    assert second["elements"][0]["text"]["emoji"] is True


VIEW_LIMITS = {
    "title": (lambda n: {"title": plain(x(n))}, 24),
    "submit": (lambda n: {"submit": plain(x(n))}, 24),
    "close": (lambda n: {"close": plain(x(n))}, 24),
    "private_metadata": (lambda n: {"private_metadata": x(n)}, 3000),
    "callback_id": (lambda n: {"callback_id": x(n)}, 255),
    "blocks": (lambda n: {"blocks": blocks(n)}, 100),
}


@pytest.mark.parametrize("name", VIEW_LIMITS)
async def test_a_limit_of_views_holds_and_one_more_is_refused(town, name):
    client, trigger = client_of(town.slack), town.slack.triggers.give(town.ben)
    make, limit = VIEW_LIMITS[name]
    view = {"type": "modal", "title": plain("A form"), "blocks": blocks(1)}
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await client.views_open(trigger_id=trigger, view=view | make(limit + 1))
    await client.views_open(
        trigger_id=trigger, view=view | make(limit)
    )  # a refused view leaves the trigger good


async def test_a_form_needs_something_to_submit_with_and_a_view_has_a_size(town):
    client, trigger = client_of(town.slack), town.slack.triggers.give(town.ben)
    form = {"type": "modal", "title": plain("A form"), "blocks": [field({"type": "users_select"})]}
    with pytest.raises(SlackApiError, match="submit"):
        await client.views_open(trigger_id=trigger, view=form)
    large = form | {"submit": plain("Send"), "blocks": [section(x(3000))] * 84}
    with pytest.raises(SlackApiError, match="view_too_large"):
        await client.views_open(trigger_id=trigger, view=large)
