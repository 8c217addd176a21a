"""The fishbone says in its alt text what it shows, fits a phone, and tells evidence apart without any color."""

from __future__ import annotations

import pytest

from bot.chat.language import speaking
from bot.pictures.bars import WIDTH
from bot.pictures.fishbone import (
    Bone,
    BoneCause,
    Evidence,
    draw_fishbone,
    fishbone_picture,
    fishbone_text,
)
from bot.pictures.shapes import DrawnBox, DrawnText
from bot.pictures.text_width import text_width

PROBLEM = "One in three new ninth graders stops handing in math work by October."
BONES = (
    Bone("Instruction and expectations", (BoneCause("Hard problems come only on Fridays", Evidence.NUMBER, chosen=True),)),
    Bone("Relationships", (BoneCause("“Nobody noticed that I had stopped.”", Evidence.VOICE, chosen=True),)),
    Bone("Structures and time", (BoneCause("The help desk is open while the buses leave", Evidence.GUESS),)),
    Bone("Resources", ()),
    Bone("Policy", (BoneCause("word " * 80, Evidence.GUESS, chosen=True),)),
)  # fmt: skip


def texts(page):
    return [one for one in page.shapes if isinstance(one, DrawnText)]


@pytest.mark.parametrize("locale", ["en", "es"])
def test_every_word_lies_inside_the_page(locale):
    with speaking(locale):
        page = draw_fishbone(PROBLEM, BONES)
    for one in texts(page):
        wide = text_width(one.words, one.size)
        begins = one.x - wide * one.anchor
        assert begins > 0, one.words
        assert begins + wide < WIDTH, one.words
        assert 0 < one.y < page.height
        assert one.anchor == 0.5 or one.x > WIDTH / 2 or one.x + wide < WIDTH / 2, "off the spine"
        assert one.size >= 21, "it is read at half that size on a phone"


def test_two_causes_never_share_a_line():
    ends: dict[tuple[bool, float], str] = {}
    for one in texts(draw_fishbone(PROBLEM, BONES)):
        if one.anchor == 0.5:
            continue
        spot = (one.x < WIDTH / 2, one.y)
        assert spot not in ends or one.size == 23, (ends.get(spot), one.words)
        ends[spot] = one.words


def test_the_alt_text_has_every_word_and_every_count():
    words = fishbone_text(PROBLEM, BONES)
    assert PROBLEM in words
    for bone in BONES:
        assert f"{bone.title}, {len(bone.causes)} cause" in words
        for cause in bone.causes:
            assert f"{cause.text} ({cause.evidence.value}{', chosen' if cause.chosen else ''})." in words
    assert fishbone_picture(PROBLEM, BONES).alt == words


def test_evidence_is_told_by_shape_and_word():
    drawn = {}
    for one in Evidence:
        shapes = draw_fishbone("", (Bone("Policy", (BoneCause("A zero cannot be made up", one),)),)).shapes
        guesses = [at for at, shape in enumerate(shapes) if getattr(shape, "words", "") == "a guess"]
        above = shapes[: guesses[-1]]  # the legend begins there
        assert one.value in [shape.words for shape in above if isinstance(shape, DrawnText)]
        mark = [shape for shape in above if isinstance(shape, DrawnBox)][2]
        drawn[one] = (mark.width, mark.height, mark.round_)
    assert len(set(drawn.values())) == len(Evidence)
