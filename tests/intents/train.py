# /// script
# requires-python = ">=3.11"
# dependencies = ["scikit-learn==1.9.1"]
# ///
"""Learns `bot/intents/weights.tsv`: how much the words of a message speak for talk with the bot, and for a wish to stop.

Run it from the root of the repository: `PYTHONPATH=. uv run --no-project tests/intents/train.py`. It takes a minute and
always writes the same file. Talk is what stands in `corpus/train.jsonl` and `corpus/own.jsonl`, and the phrases of
`bot/intents/phrases.txt` as they can be said; answers are the ordinary messages of `tests/danger/corpus/train.jsonl`. No
message of the stranger's sets is among them.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from math import sqrt
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from bot.intents.classifier import find_wishes
from bot.intents.features import UNIT, features_of
from bot.intents.sentences import read_intent_phrases, split_words

CORPUS = Path(__file__).parent / "corpus"
ORDINARY = Path(__file__).parents[1] / "danger" / "corpus" / "train.jsonl"
WEIGHTS = Path(__file__).parents[2] / "bot" / "intents" / "weights.tsv"
KEPT = 9_000
RARE = 2
SAID = 6
"""Ways in which each phrase is said."""
LEAST = 5
"""Words of an ordinary message from which on it is taken for an answer."""
ROUNDS = 2
DOUBT = -0.5
"""Ordinary messages that weigh this much are left out the second time: many of them talk with a bot."""
WISHES = (
    "stop",
    "start",
    "help",
    "my_data",
    "delete_data",
    "my_course",
    "my_answers",
    "take_back",
    "take_back soft",
    "question",
)
BEFORE = (
    "",
    "",
    "hi ",
    "please ",
    "ok ",
    "can you ",
    "hola ",
    "i want to ",
    "por favor ",
    "hey tilth ",
    "quiero ",
)
BEHIND = ("", "", "", " please", " thanks", " por favor", " now", " gracias", " ya")


def read_messages():
    """(words, label) of each message."""
    for name in ("train", "own"):
        for line in (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            one = json.loads(line)
            if one["label"] not in ("value", "unclear", "command", "greeting"):
                for _ in range(4 if one["label"] != "answer" else 2):
                    yield split_words(one["text"]), one["label"]
    yield from say_phrases()


def read_answers():
    """Words of ordinary messages that are long enough for an answer, and hold no wish that a phrase knows."""
    for line in ORDINARY.read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        text = one["text"]
        if not one["danger"] and len(text.split()) >= LEAST and not find_wishes(text):
            yield split_words(text), "answer"


def say_phrases():
    """Each phrase of a wish in some of the ways in which it can be said."""
    dice = random.Random(7)
    book = read_intent_phrases()
    for section in WISHES:
        phrases = {one.line: one for each in book.sections[section].values() for one in each}
        for line in sorted(phrases):
            for _ in range(SAID):
                words = re.sub(r"\(\?! \(\?:.*?\)\(\?= \)\)", "", phrases[line].source)
                words = re.sub(r"\(\?: \(\?!\\\.\)\\S\+\)\{0,\d\}\?", "", words)
                words = re.sub(
                    r"\(\?: \(\?:([^()]*)\)\(\?= \)\)\?",
                    lambda m: f" {dice.choice(m[1].split('|'))}" if dice.random() < 0.6 else "",
                    words,
                )
                words = re.sub(
                    r" \(\?:([^()]*)\)\(\?= \)", lambda m: f" {dice.choice(m[1].split('|'))}", words
                )
                said = words.replace(r"\w*", "")
                yield split_words(f"{dice.choice(BEFORE)}{said}{dice.choice(BEHIND)}"), section.split()[0]


def build_matrix(messages):
    counts, found = Counter(), []
    for words in messages:
        names = sorted(features_of(words))
        found.append(names)
        counts.update(names)
    names = sorted(name for name, number in counts.items() if number >= RARE)
    column = {name: at for at, name in enumerate(names)}
    data, indices, ends = [], [], [0]
    for one in found:
        known = [column[name] for name in one if name in column]
        indices += known
        data += [1 / sqrt(len(one) or 1)] * len(known)
        ends.append(len(indices))
    return sparse.csr_matrix((data, indices, ends), shape=(len(found), len(names))), names


def learn():
    """Learn the weights twice, the second time without what was no answer, and write them down."""
    talk, answers = list(read_messages()), list(read_answers())
    for _ in range(ROUNDS):
        rows = [*talk, *answers]
        matrix, names = build_matrix([words for words, _ in rows])
        models = fit(matrix, rows)
        weighed = (matrix @ models[0][0] + models[0][1])[len(talk) :]
        answers = [one for one, weight in zip(answers, weighed, strict=True) if weight < DOUBT]
    write_weights(matrix, names, models)


def fit(matrix, rows):
    """(weights, bias) of talk with the bot, and of a wish to stop."""
    models = []
    for labels in (
        np.array([label != "answer" for _, label in rows]),
        np.array([label == "stop" for _, label in rows]),
    ):
        model = LogisticRegression(C=12, max_iter=300, solver="liblinear", random_state=0)
        model.fit(matrix, labels)
        models.append((model.coef_.ravel(), model.intercept_[0]))
    return models


def write_weights(matrix, names, models):
    """Write a line for each feature that matters: its name and its weights, rounded."""
    often = np.sqrt(np.asarray((matrix > 0).sum(0)).ravel())
    matter = sum(np.abs(weights) for weights, _ in models) * often
    kept = np.sort(np.argsort(-matter, kind="stable")[:KEPT])
    lines = ["\t" + "\t".join(str(round(bias * UNIT)) for _, bias in models)]
    lines += [
        "\t".join((names[at], *(str(round(weights[at] * UNIT)) for weights, _ in models))) for at in kept
    ]
    WEIGHTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    learn()
