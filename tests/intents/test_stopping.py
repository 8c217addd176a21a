"""Where the open prompt asks what somebody would stop, "Stop …" is no wish to be left alone, unless it can be nothing else."""

from __future__ import annotations

import json

import pytest

from bot.intents.classifier import understand
from bot.intents.intent import NOTHING_INVITED, Intent, Invited, TalkFacts
from bot.intents.open_prompts import read_invitation
from tests.intents.measure import CORPUS

SAID = [
    json.loads(line) for line in (CORPUS / "stopping.jsonl").read_text(encoding="utf-8").splitlines() if line
]


@pytest.mark.parametrize("one", SAID, ids=lambda one: one["text"])
def test_only_what_asks_us_to_stop_in_so_many_words_stops(one):
    invited = read_invitation(one["prompt"])
    intent = understand(one["text"], TalkFacts(invited=invited))
    if one["label"] == "answer":
        assert intent in (Intent.ANSWER, Intent.UNCLEAR)
    else:
        assert intent not in (Intent.ANSWER, Intent.VALUE)


def test_nearly_all_answers_are_kept_at_once_and_nearly_all_wishes_obeyed():
    found = [
        (one["label"], understand(one["text"], TalkFacts(invited=read_invitation(one["prompt"]))))
        for one in SAID
    ]
    answers = [intent for label, intent in found if label == "answer"]
    wishes = [intent for label, intent in found if label == "stop"]
    assert answers.count(Intent.ANSWER) >= 67, f"of {len(answers)}"
    assert wishes.count(Intent.STOP) >= len(wishes) - 1


@pytest.mark.parametrize("text", ["Turn off my email on weekends", "Ya no quiero llevarme trabajo a casa"])
def test_without_such_a_prompt_it_is_obeyed(text):
    assert understand(text) is Intent.STOP
    assert understand(text, TalkFacts(invited=Invited.QUESTION)) is Intent.STOP
    assert understand(text, TalkFacts(invited=Invited.STOP)) is Intent.UNCLEAR


@pytest.mark.parametrize(
    ("prompt", "invited"),
    [
        ("What would you stop doing?", Invited.STOP), ("What could you let go of this spring?", Invited.STOP),
        ("Which habit did you quit?", Invited.STOP), ("What would you leave out of a Friday?", Invited.STOP),
        ("What do you no longer do?", Invited.STOP), ("¿Qué dejarías de hacer?", Invited.STOP),
        ("¿Qué hábito abandonaste?", Invited.STOP), ("¿Qué es algo que ya no haces?", Invited.STOP),
        ("What would you ask your team to stop?", Invited.STOP | Invited.QUESTION),
        ("What did you notice in the hallway?", NOTHING_INVITED), ("¿Para quién fue difícil?", NOTHING_INVITED),
    ],
)  # fmt: skip
def test_a_prompt_says_by_its_words_what_it_asks_for(prompt, invited):
    assert read_invitation(prompt) == invited
