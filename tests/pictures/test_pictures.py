"""Pictures are the same bytes everywhere, can be read by everybody, and say in words what they show."""

from __future__ import annotations

import ctypes
import hashlib
import struct
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from bot.chat.language import format_month_day, speaking
from bot.pictures.bars import BEGUN, COLUMNS, DONE, LINE, WIDTH, Bar, alt_text, bar_chart, draw_bars
from bot.pictures.png import ZOOM, render_png
from bot.pictures.shapes import EDGE, INK, PAPER, SOFT, Drawing, DrawnLines, DrawnPage, DrawnText
from bot.pictures.text_width import FONT, fit_text, text_width, wrap_text

BARS = (
    Bar("Prepare Your Soil", 6, 1, 8),
    Bar("Change the Discourse", 3, 2, 8),
    Bar("Center Student Perspectives", 0, 0, 8),
)
WEEKS = ((date(2026, 9, 28), 1), (date(2026, 10, 5), 4), (date(2026, 10, 12), 0), (date(2026, 10, 19), 3))
FONT_SHA256 = "abdc775b21b1bc470d50c97e790d276f2054b7504e56e5bd3e64f48d68582322"


def pixels(data: bytes) -> tuple[int, int, list[bytes]]:
    """Width, height and the rows of an RGBA PNG, unfiltered."""
    at, body, size = 8, b"", (0, 0)
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        chunk = data[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            size = struct.unpack(">II", chunk[:8])
            assert chunk[8:10] == b"\x08\x06", "eight bits, with transparency"
        elif kind == b"IDAT":
            body += chunk
        at += length + 12
    raw, width = zlib.decompress(body), size[0] * 4
    rows: list[bytes] = []
    above = bytes(width)
    for start in range(0, len(raw), width + 1):
        above = _plain(raw[start], raw[start + 1 : start + 1 + width], above)
        rows.append(above)
    return size[0], size[1], rows


def _plain(kind: int, row: bytes, above: bytes) -> bytes:
    out = bytearray(row)
    for index in range(len(out)):
        left = out[index - 4] if index >= 4 else 0
        up, corner = above[index], above[index - 4] if index >= 4 else 0
        if kind == 4:
            guess = left + up - corner
            far = [(abs(guess - one), place, one) for place, one in enumerate((left, up, corner))]
            add = min(far)[2]
        else:
            add = (0, left, up, (left + up) // 2)[kind]
        out[index] = (out[index] + add) & 255
    return bytes(out)


def texts(page: DrawnPage) -> list[DrawnText]:
    """The lines of text of a page, in the order in which they are painted."""
    return [one for one in page.shapes if isinstance(one, DrawnText)]


def light(color: str) -> float:
    """Relative luminance (WCAG 2)."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_the_same_facts_are_the_same_bytes_in_another_process():
    code = (
        "import hashlib; from tests.pictures.test_pictures import BARS, WEEKS; from bot.pictures.bars import bar_chart; "
        "print(hashlib.sha256(bar_chart('North', 'A course', BARS, 'people', WEEKS).png).hexdigest())"
    )
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    here = bar_chart("North", "A course", BARS, "people", WEEKS).png
    assert there.stdout.strip() == hashlib.sha256(here).hexdigest()
    render_png.cache_clear()
    assert bar_chart("North", "A course", BARS, "people", WEEKS).png == here


def test_the_font_is_ours_and_the_one_we_were_given():
    assert hashlib.sha256(FONT.read_bytes()).hexdigest() == FONT_SHA256
    assert FONT_SHA256 in (FONT.parent / "VENDORED.md").read_text()
    assert "Bitstream" in (FONT.parent / "LICENSE.txt").read_text()


def test_letters_are_drawn_with_it_and_with_nothing_else():
    empty = bar_chart("", "", (Bar("", 0, 0, 1),), "people", ()).png
    assert bar_chart("North", "", (Bar("", 0, 0, 1),), "people", ()).png != empty


@pytest.mark.parametrize("ground", [PAPER])
def test_everything_stands_out_from_the_paper(ground):
    assert contrast(INK, ground) >= 7
    assert contrast(SOFT, ground) >= 7
    assert contrast(DONE, ground) >= 4.5
    assert contrast(EDGE, ground) >= 3
    assert contrast(LINE, BEGUN) >= 4.5


def test_done_and_begun_differ_in_lightness_and_not_only_in_color():
    assert contrast(DONE, BEGUN) >= 4.5
    drawn = draw_bars("North", "", BARS, "people")
    assert any(isinstance(one, DrawnLines) for one in drawn.shapes), "begun is striped as well"


def test_it_brings_its_own_paper_so_it_reads_on_dark_and_on_light():
    width, height, rows = pixels(bar_chart("North", "A course", BARS, "people", WEEKS).png)
    assert width == WIDTH * ZOOM
    middle = rows[height // 2]
    inside = [middle[at * 4 + 3] for at in range(8, width - 8)]
    assert set(inside) == {255}, "nothing of the page behind shows through"
    assert rows[0][3] == 0, "only the rounded corners are clear"


def test_words_say_every_number_that_is_in_the_picture():
    said = alt_text("North", "A course", BARS, "people", WEEKS)
    assert said == (
        "North, A course. Prepare Your Soil: 6 of 8 people done, 1 begun. Change the Discourse: 3 of 8 people done, "
        "2 begun. Center Student Perspectives: 0 of 8 people done. Finished in the week of Sep 28: 1; Oct 5: 4; Oct 12: 0; "
        "Oct 19: 3."
    )


def test_every_word_in_the_picture_is_in_the_readers_language():
    with speaking("es_US"):
        drawn, words = (
            " ".join(one.words for one in texts(draw_bars("Norte", "", BARS, "people", WEEKS))),
            alt_text("Norte", "", BARS, "people", WEEKS),
        )
    for english in ("done", "begun", " of ", "people", "week"):
        assert english not in drawn
        assert english not in words


def test_letters_are_large_enough_on_a_phone():
    sizes = [one.size for one in texts(draw_bars("North", "x", BARS, "people", WEEKS))]
    assert min(sizes) * 360 / WIDTH >= 11.5


def test_odd_names_and_numbers_do_no_harm():
    hostile = '<text onload="x">&amp; ' + "W" * 300 + "\u202e\x07\U0001f331 名前"
    shown = bar_chart(hostile, hostile, (Bar(hostile, 0, 0, 0), Bar("x", 10**6, 0, 10**6)), "lessons", WEEKS)
    assert shown.png.startswith(b"\x89PNG")
    said = [one.words for one in texts(draw_bars(hostile, "", BARS, "people"))]
    assert said[0].startswith('<text onload="x">&amp; WWW'), "marks are letters like others"
    assert all(one.isprintable() for one in said), "neither \u202e nor \x07"
    assert fit_text("W" * 300, 26, 200).endswith("…")


@pytest.mark.parametrize(
    ("name", "drawn"),
    [
        ("Team \U0001f331 Sun", "Team Sun"),
        ("\u540d\u524d North", "North"),
        ("\u540d\u524d", "\u25a1"),
        ("\U0001f469\u200d\U0001f3eb", "\u25a1"),
        ("Łucja Ñandú", "Łucja Ñandú"),
        ("", ""),
    ],
)
def test_letters_that_the_font_lacks_are_left_out_of_the_picture_and_stand_in_its_words(name, drawn):
    bar = Bar(name, 1, 0, 2)
    said = [one.words for one in texts(draw_bars(name, "", (bar,), "people"))]
    assert said[0] == drawn
    assert drawn in said[2:]
    assert name in alt_text(name, "", (bar,), "people", ())
    assert wrap_text(name, 26, 500, 2) == [drawn]


def test_words_are_as_wide_as_they_are_drawn():
    """The last column with ink in a drawn line is where the measure says it ends."""
    for text in ("Center Student Perspectives", "WWWW", "illi", "Ñandú – é"):
        page = Drawing(600, 60)
        page.text(0, 40, text, 26, fill="#000000")
        _, _, rows = pixels(render_png(page.whole()))
        inked = max(at for row in rows for at in range(len(row) // 4) if row[at * 4 + 3] > 128)
        assert abs(inked / ZOOM - text_width(text, 26)) <= 4


def test_words_stand_on_their_line_and_begin_end_or_lie_around_their_place():
    """A letter without a foot ends at the baseline, and its ink lies where the anchor says."""
    for name, first, last in (("begin", 200, 226), ("middle", 187, 213), ("end", 174, 200)):
        page = Drawing(400, 80)
        page.text(200, 50, "H", 35, fill="#000000", middle=name == "middle", end=name == "end")
        _, _, rows = pixels(render_png(page.whole()))
        inked = [(y, x) for y, row in enumerate(rows) for x in range(len(row) // 4) if row[x * 4 + 3] > 128]
        assert abs(max(y for y, _ in inked) + 1 - 50 * ZOOM) <= 1
        assert first - 1 <= min(x for _, x in inked) / ZOOM
        assert max(x for _, x in inked) / ZOOM <= last + 1


def test_others_work_while_a_picture_is_painted():
    """ThorVG is called so that the interpreter is let go; as `PyDLL` it would be held."""
    from bot.pictures.png import _engine

    assert type(_engine().thorvg_lib) is ctypes.CDLL


def test_two_who_look_at_once_see_each_their_own():
    pages = [draw_bars(f"Team {number}", "", BARS, "people", WEEKS) for number in range(4)]
    alone = [render_png(one) for one in pages]
    render_png.cache_clear()
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(render_png, pages)) == alone
    assert len(set(alone)) == len(pages)


def test_only_the_last_weeks_are_shown():
    many = [(date(2026, 1, 5) + timedelta(weeks=number), number) for number in range(1, 40)]
    said = bar_chart("North", "", BARS, "people", many).alt
    assert said.count(";") == COLUMNS - 1
    assert "Aug 17: 32" not in said
    assert "Aug 24: 33; " in said
    assert "Oct 5: 39." in said


@pytest.mark.parametrize("locale", ["en_US", "es_US"])
def test_weeks_are_named_by_days_as_people_write_them_and_no_two_touch(locale):
    with speaking(locale):
        names = [format_month_day(monday) for monday, _count in WEEKS]
        drawn = draw_bars("North", "", BARS, "people", WEEKS)
        widest = max(text_width(format_month_day(date(2026, month, 28)), 21) for month in range(1, 13))
    assert names[0] == ("Sep 28" if locale == "en_US" else "28 sep")
    said = [one.words for one in texts(drawn)]
    assert all(name in said for name in names)
    assert widest < (WIDTH - 56) / COLUMNS
