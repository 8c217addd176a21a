# /// script
# requires-python = ">=3.11"
# dependencies = ["scikit-learn==1.9.1"]
# ///
"""Learns `bot/intents/weights.tsv`: how much the words of a message speak for talk with the bot, to stop, and for a need.

Run it from the root of the repository: `PYTHONPATH=. uv run --no-project tests/intents/train.py`. It takes a minute and
always writes the same file. Talk is what stands in `corpus/train.jsonl` and `corpus/own.jsonl`, and the phrases of
`bot/intents/phrases.txt` as they can be said; answers are the ordinary messages of `tests/danger/corpus/train.jsonl`
and the questions of what we ship. Of the visitor's messages two thirds are among them; of those of the stranger's sets and
of the other third none.
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
from bot.intents.sentences import read_intent_phrases
from bot.word_weights import name_feature
from tests.intents.measure import AMBIGUOUS, NEEDS, VISITOR, is_held, messages

ORDINARY = Path(__file__).parents[1] / "danger" / "corpus" / "train.jsonl"
WEIGHTS = Path(__file__).parents[2] / "bot" / "intents" / "weights.tsv"
KEPT = 20_000
RARE = 2
SAID = 6
"""Ways in which each phrase is said."""
LEAST = 4
"""Words of an ordinary message from which on it is taken for an answer."""
UNLEARNED = ("value", "unclear", "danger", "other")
"""What is told by other means, or may be kept."""
ROUNDS = 2
DOUBT = -0.5
"""Ordinary messages that weigh this much are left out the second time: many of them talk with a bot."""
WRITTEN, VARIED, ORDINARY_COUNTS, PHRASE_COUNTS = 3.0, 1.5, 1.0, 0.3
"""How much a message counts that was written for this, the same in another dress, an ordinary one, and a phrase."""
OPENERS = (
    "hi ",
    "hello ",
    "hola ",
    "ok ",
    "so ",
    "hey ",
    "thanks ",
    "sorry ",
    "um ",
    "pues ",
    "well ",
    "good morning ",
)
ASKING = re.compile(
    r"(what|when|where|why|who|how|which|is|are|do|does|did|can|could|will|would|should|may|am|has|have|que|qué|cuando|"
    r"cuándo|donde|dónde|quien|quién|como|cómo|cual|cuál|por qué|puedo|puedes|me puede|hay|es|tengo que|se puede)",
    re.IGNORECASE,
)
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
    """(text, label, how much it counts) of each message that was written for this, and of the phrases."""
    for one in read_written():
        yield one["text"], one["label"], WRITTEN
        yield from ((text, one["label"], VARIED) for text in dress(one["text"]))
    for text, label in say_phrases():
        yield text, label, PHRASE_COUNTS


def read_written():
    """The messages that were written for this."""
    for name in ("train", "own"):
        yield from (one for one in messages(name) if one["label"] not in UNLEARNED)
    for number, one in enumerate(messages(VISITOR), 1):
        if not is_held(number) and number not in AMBIGUOUS and one["label"] not in UNLEARNED:
            yield one


def dress(text):
    """A message as somebody else would type it: with other marks, and with something before it.

    What is learned of marks and greetings is then the same for wishes and answers, however their author writes.
    """
    dice = random.Random(text)
    bare = text.strip(" .?!¿¡")
    mark = "?" if ASKING.match(bare) else "."
    yield bare if text[-1] in ".?!" else bare + mark
    opener = dice.choice(OPENERS)
    yield f"{opener.strip()}{dice.choice((',', '!', '', '.'))} {bare}{dice.choice(('', '', mark, '!'))}"


def read_answers():
    """Ordinary messages that are long enough for an answer, and hold no wish that a phrase knows."""
    for line in ORDINARY.read_text(encoding="utf-8").splitlines():
        one = json.loads(line)
        text = one["text"]
        if not one["danger"] and len(text.split()) >= LEAST and not find_wishes(text):
            yield text, "answer", ORDINARY_COUNTS


def read_questions():
    """The questions of the decks and courses we ship: people ask each other such things, and nobody the bot."""
    found = {}
    for file in sorted((Path(__file__).parents[2] / "prompts").rglob("*.*")):
        words = (
            re.sub(r"\n\s+", " ", file.read_text(encoding="utf-8")) if file.suffix in (".yaml", ".md") else ""
        )
        found |= dict.fromkeys(re.findall(r"[A-Z¿][^.?!:\n\"“”|>{}]{8,110}\?", words))
    for text in found:
        if not find_wishes(text):
            yield text.strip(), "answer", ORDINARY_COUNTS


def say_phrases():
    """Each phrase of a wish in some of the ways in which it can be said."""
    dice = random.Random(7)
    book = read_intent_phrases()
    for section in WISHES:
        phrases = {one.line: one for one in book.sections[section]}
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
                yield f"{dice.choice(BEFORE)}{said}{dice.choice(BEHIND)}", section.split()[0]


def build_matrix(messages):
    """A row for each text, and the names of the columns."""
    counts, found = Counter(), []
    for text in messages:
        names = sorted(map(name_feature, features_of(text)))
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
    rows, found = [*read_messages(), *read_questions(), *read_answers()], None
    matrix, names = build_matrix([text for text, _, _ in rows])
    counts = np.array([count for _, _, count in rows])
    labels = np.array([label for _, label, _ in rows])
    kept = np.ones(len(rows), bool)
    for _ in range(ROUNDS):
        found = fit(matrix[kept], labels[kept], counts[kept])
        weighed = matrix @ found[0][0] + found[0][1]
        kept = (counts != ORDINARY_COUNTS) | (weighed < DOUBT)
    write_weights(matrix, names, found)


def fit(matrix, labels, counts):
    """(weights, bias) of talk with the bot, of a wish to stop, and of whatever somebody needs."""
    models = []
    for goal in (labels != "answer", labels == "stop", np.isin(labels, NEEDS)):
        model = LogisticRegression(C=4, max_iter=300, tol=1e-3, solver="liblinear", random_state=0)
        model.fit(matrix, goal, counts)
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
