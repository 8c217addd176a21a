"""Canvases of channels: words stay words, one change a call, and a section is never taken for another."""

from __future__ import annotations

import pytest

from adapters.slack.canvas_markdown import read_lines, write_line, write_lines
from adapters.slack.canvases import SlackCanvases
from adapters.slack.web_client import SlackWebClient
from bot.chat.canvas import CanvasChange, CanvasLine, LineKind
from bot.chat.models import Place
from bot.chat.port import Rejected, RetryLater
from tests.fakes.slack import FakeSlack

TITLE = CanvasLine(LineKind.TITLE, "Plan of North")
NOTE = CanvasLine(LineKind.TEXT, "Change a line here.")
TRICKY = "<@U1> *bold* [link](https://a.invalid) # 5 | 6 ![](@U1) _x_ `y` 1. - \\ <!here> & more"


def field(label, text):
    return CanvasLine(LineKind.TEXT, text, label)


@pytest.mark.parametrize("text", [TRICKY, "- a dash", "1. first", "# no heading", "> no quote", "a_b_c", "…"])
def test_words_are_read_back_as_they_were_written(text):
    line = field("What", text)
    [back] = read_lines(write_lines([line]))
    assert back.folded == line.folded
    assert "![](@" not in write_line(line)
    check = CanvasLine(LineKind.OPEN, text)
    [back] = read_lines(write_lines([check]))
    assert (back.kind, back.folded) == (LineKind.OPEN, check.folded)


def test_what_people_put_there_is_told_apart():
    read = read_lines(
        "# Plan\n\n**What:** one\nand more\n**Where:** here\n\n- [x] done\n- [ ] ~~open~~\n- item\n\n| a | b |\n\n"
        "**Who:** ![](@U1)\n\nSee [https://a.invalid](https://a.invalid) &amp; <https://b.invalid>\n"
    )
    assert [(one.kind.value, one.plain) for one in read] == [
        ("title", "Plan"), ("text", "What: one\nand more"), ("text", "Where: here"), ("done", "done"), ("open", "open"),
        ("other", "- item"), ("other", "| a | b |"), ("text", "Who: @U1"),
        ("text", "See https://a.invalid & https://b.invalid"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "address", ["https://x.invalid/a__b", "https://x.invalid/~~b/c`d", "https://x.invalid/a**b_c"]
)
def test_an_address_keeps_its_marks(address):
    shown = [
        address,
        f"({address})",
        f"**See:** **{address}**, `{address}`",
        f"[it]({address})",
        f"<{address}>",
    ]
    assert [one.plain for one in read_lines("\n\n".join(shown))] == [
        address, f"({address})", f"See: {address}, {address}", f"it ({address})", address,
    ]  # fmt: skip
    [back] = read_lines(write_lines([field("Where", address)]))
    assert back.plain == f"Where: {address}"


def test_whom_a_line_mentions_is_told_with_it():
    read = read_lines("- [ ] ![](@U1) copies\n\n![](@U2) and\n![](@U3)\n\n@U4\n")
    assert [one.mentions for one in read] == [("U1",), ("U2", "U3"), ()]


@pytest.fixture
async def room():
    """(workspace, its canvases as the adapter sees them, a channel)."""
    async with FakeSlack() as slack:
        wire = SlackWebClient(slack.api_url, slack.bot_token)
        await wire.open()
        yield slack, SlackCanvases(wire), Place(f"slack:{slack.team}", slack.channel("team-north"))
        await wire.close()


async def changed(canvases, place, canvas, how, at, *lines):
    known = await canvases.read_canvas(place, canvas)
    await canvases.change_canvas(place, canvas, CanvasChange(how, known, at, lines))
    return [one.plain for one in await canvases.read_canvas(place, canvas)]


async def test_the_section_that_is_meant_is_changed_among_others_with_the_same_words(room):
    slack, canvases, place = room
    canvas = await canvases.open_canvas(
        place, [TITLE, NOTE, *(field("By when", "…") for _ in range(3)), field("By when", "… more")]
    )
    assert canvas == await canvases.open_canvas(place, [TITLE, NOTE])
    read = await changed(canvases, place, canvas, "replace", 3, field("By when", "Friday"))
    assert read[2:] == ["By when: …", "By when: Friday", "By when: …", "By when: … more"]
    read = await changed(canvases, place, canvas, "delete", 4)
    read = await changed(canvases, place, canvas, "after", 2, field("Who", "Ben"), field("Why", "So"))
    assert read[2:] == ["By when: …", "Who: Ben", "Why: So", "By when: Friday", "By when: … more"]
    assert all(len(call.args["changes"]) == 1 for call in slack.calls("canvases.edit"))


@pytest.mark.parametrize("folds", [False, True])
async def test_the_section_that_is_meant_is_found_whether_slack_minds_capitals_or_not(room, folds):
    slack, canvases, place = room
    slack.canvas_folds = folds
    canvas = await canvases.open_canvas(
        place, [TITLE, NOTE, field("By when", "Our aim"), field("By when", "Aim")]
    )
    slack.write_on_canvas(place.channel, "", "## Aim")
    for at in (4, 3):
        read = await changed(canvases, place, canvas, "replace", at, field("What", f"Line {at}"))
    assert read[2:] == ["By when: Our aim", "What: Line 3", "What: Line 4"]


@pytest.mark.parametrize("whole", [False, True])
async def test_an_item_is_changed_whether_a_list_is_one_section_or_several(room, whole):
    slack, canvases, place = room
    slack.canvas_lists = whole
    canvas = await canvases.open_canvas(place, [TITLE, NOTE])
    slack.write_on_canvas(place.channel, "", "- [ ] Buy tea\n- [ ] Ask families\n- bring it")
    read = await changed(canvases, place, canvas, "replace", 3, CanvasLine(LineKind.DONE, "Ask all families"))
    assert read[2:] == ["Buy tea", "Ask all families", "- bring it"]
    assert await changed(canvases, place, canvas, "delete", 2) == [
        *read[:2],
        "Ask all families",
        "- bring it",
    ]


@pytest.mark.parametrize("more", ["", "\n- Our own\n- [ ] Ask families"])
async def test_a_list_that_is_said_again_keeps_what_goes_on_in_an_indented_line(room, more):
    slack, canvases, place = room
    slack.canvas_lists = True
    canvas = await canvases.open_canvas(place, [TITLE, NOTE])
    slack.write_on_canvas(place.channel, "", "- [ ] Buy tea\n  and bring tape" + more)
    read = await changed(canvases, place, canvas, "replace", 2, CanvasLine(LineKind.DONE, "Buy tea"))
    whole = ["Buy tea", "and bring tape", "- Our own", "Ask families"]
    assert [one.strip() for one in read[2:]] == whole[: 4 if more else 2]


async def test_an_item_that_is_a_section_of_its_own_keeps_its_indented_line_and_no_other_item_comes_twice(
    room,
):
    slack, canvases, place = room
    canvas = await canvases.open_canvas(place, [TITLE, NOTE])
    slack.write_on_canvas(place.channel, "", "- [ ] Ask families\n- [ ] Buy tea")
    slack.write_on_canvas(place.channel, "Buy tea", "Buy tea\n  and bring tape")
    read = await changed(canvases, place, canvas, "replace", 3, CanvasLine(LineKind.DONE, "Buy tea"))
    assert [one.strip() for one in read[2:]] == ["Ask families", "Buy tea", "and bring tape"]


async def test_trouble_has_the_words_of_the_port(room):
    slack, canvases, place = room
    assert await canvases.open_canvas(Place(place.space, place.channel, "17.2"), [TITLE, NOTE]) is None
    canvas = await canvases.open_canvas(place, [TITLE, NOTE])
    slack.canvas_of(place.channel).locked = 1
    with pytest.raises(RetryLater, match="canvas_editing_locked"):
        await changed(canvases, place, canvas, "start", 0, NOTE)
    # Somebody wrote the same words meanwhile: which section is meant cannot be told, so none is changed.
    known = await canvases.read_canvas(place, canvas)
    slack.write_on_canvas(place.channel, "", "Change a line here.")
    with pytest.raises(RetryLater, match="canvas_unclear"):
        await canvases.change_canvas(place, canvas, CanvasChange("replace", known, 1, (TITLE,)))
    for _ in range(2):
        await canvases.change_canvas(place, canvas, CanvasChange("discard", known))
    with pytest.raises(Rejected, match="canvas_gone"):
        await canvases.read_canvas(place, canvas)
    slack.make_canvas(place.channel, "# Lunch", "UX")
    with pytest.raises(Rejected, match="canvas_taken"):
        await canvases.open_canvas(place, [TITLE, NOTE])


async def test_an_empty_canvas_of_a_channel_is_filled(room):
    slack, canvases, place = room
    empty = slack.make_canvas(place.channel, "", "UX")
    assert await canvases.open_canvas(place, [TITLE, NOTE]) == empty.id
    assert slack.canvas_text(place.channel) == "# Plan of North\n\nChange a line here.\n"


@pytest.mark.parametrize("lacking", ["canvases:read", "canvases:write"])
async def test_no_canvas_is_made_that_could_not_be_read_again(lacking):
    scopes = {"channels:read", "canvases:read", "canvases:write"} - {lacking}
    async with FakeSlack(manifest={"oauth_config": {"scopes": {"bot": sorted(scopes)}}}) as slack:
        wire = SlackWebClient(slack.api_url, slack.bot_token)
        await wire.open()
        place = Place(f"slack:{slack.team}", slack.channel("team-north"))
        with pytest.raises(Rejected, match="missing_scope"):
            await SlackCanvases(wire).open_canvas(place, [TITLE, NOTE])
        await wire.close()
        assert slack.canvas_of(place.channel) is None
