"""The fishbone says in its alt text what it shows, fits a phone, and tells evidence apart without any color."""

from __future__ import annotations

import re
from xml.etree import ElementTree

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
from bot.pictures.text_width import text_width

PROBLEM = "One in three new ninth graders stops handing in math work by October."
BONES = (
    Bone("Instruction and expectations", (BoneCause("Hard problems come only on Fridays", Evidence.NUMBER, chosen=True),)),
    Bone("Relationships", (BoneCause("“Nobody noticed that I had stopped.”", Evidence.VOICE, chosen=True),)),
    Bone("Structures and time", (BoneCause("The help desk is open while the buses leave", Evidence.GUESS),)),
    Bone("Resources", ()),
    Bone("Policy", (BoneCause("word " * 80, Evidence.GUESS, chosen=True),)),
)  # fmt: skip


def shapes(svg, kind):
    return ElementTree.fromstring(svg).findall(f"{{http://www.w3.org/2000/svg}}{kind}")  # noqa: S314


@pytest.mark.parametrize("locale", ["en", "es"])
def test_every_word_lies_inside_the_page(locale):
    with speaking(locale):
        svg = draw_fishbone(PROBLEM, BONES)
    height = float(ElementTree.fromstring(svg).get("height"))  # noqa: S314
    rows = [
        (float(one.get("x")), float(one.get("y")), text_width(one.text, float(one.get("font-size"))), one)
        for one in shapes(svg, "text")
    ]
    for x, y, wide, one in rows:
        begins = x - wide / 2 if one.get("text-anchor") == "middle" else x
        assert begins > 0, one.text
        assert begins + wide < WIDTH, one.text
        assert 0 < y < height
        assert one.get("text-anchor") == "middle" or x > WIDTH / 2 or x + wide < WIDTH / 2, "off the spine"
        assert float(one.get("font-size")) >= 21, "it is read at half that size on a phone"


def test_two_causes_never_share_a_line():
    ends: dict[tuple[bool, float], str] = {}
    for one in shapes(draw_fishbone(PROBLEM, BONES), "text"):
        if one.get("text-anchor") == "middle":
            continue
        spot = (float(one.get("x")) < WIDTH / 2, float(one.get("y")))
        assert spot not in ends or one.get("font-size") == "23", (ends.get(spot), one.text)
        ends[spot] = one.text


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
        svg = draw_fishbone("", (Bone("Policy", (BoneCause("A zero cannot be made up", one),)),))
        legend = svg.rindex("a guess")
        assert f">{one.value}<" in svg[:legend]
        drawn[one] = re.findall(r'<rect [^>]*width="(\d+)" height="(\d+)"( rx="\d+")?', svg[:legend])[2]
    assert len(set(drawn.values())) == len(Evidence)
