# /// script
# requires-python = ">=3.11"
# dependencies = ["scikit-learn==1.9.1"]
# ///
"""Learns `bot/danger/weights.tsv` from the invented messages of `corpus/train.jsonl`, and from answers to the bot.

What only sounds like a disclosure ("left alone to plan", "me dijo que ya no") is written by people who test how the bot
understands: what they call an answer in `tests/intents/corpus` is ordinary here, as far as whoever works on it may read it.

Run it from the root of the repository: `PYTHONPATH=. uv run --no-project tests/danger/train.py`. It takes a few minutes and
always writes the same file. A disclosure is one stretch of words among others, and nobody marked which: it is taken for
the one that weighs most, which is chosen again when the weights are known better. Two models are added: one counts all
features alike, one those more that stand far more often on one side (Wang and Manning 2012).
"""

from __future__ import annotations

import json
from collections import Counter
from math import sqrt
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from bot.danger.features import features_of
from bot.danger.recognition import FEW, UNIT
from bot.danger.stretches import make_plain, split_stretches
from bot.word_weights import name_feature
from tests.intents.measure import VISITOR, is_held
from tests.intents.measure import messages as intents

CORPUS = Path(__file__).parent / "corpus"
WEIGHTS = Path(__file__).parents[2] / "bot" / "danger" / "weights.tsv"
KEPT = 38_000
"""Features that are kept: those whose weight, by how often they stand somewhere, matters most."""
ROUNDS = 2
RARE = 2
"""Stretches in which a feature must stand to be learned."""
HINTS = (
    "A boy asked can I go home with you and I still don't know what to say",
    'Escribió "ya no puedo" y le puse "hoy no". Se rió y siguió.',
)
"""Answers in which a child may say more than it seems: nothing is learned of them."""
WITH_ANSWERS = 0.7
"""How much what is learned with the answers to the bot counts; the rest is what is learned without them, which knows more hints."""
SURE = 1.0
"""The weight from which on a further stretch of a disclosure is taken for one as well."""


def read_messages(*, answers):
    """(stretches, whether it discloses danger) of each message, and of short ones in the middle of other words."""
    lines = (CORPUS / "train.jsonl").read_text(encoding="utf-8").splitlines()
    messages = [(one["text"], one["danger"]) for one in map(json.loads, lines)]
    messages += [(text, False) for text in read_answers()] if answers else []
    for text, danger in messages:
        yield split_stretches(make_plain(text)), danger
    plain = [
        make_plain(text).replace(" . ", " ").split()
        for text, danger in messages
        if not danger and len(text.split()) > 5
    ]
    for number, (text, danger) in enumerate(messages):
        # Primes walk through all ordinary messages, so that the same ones meet in every run.
        before, after = plain[number * 7919 % len(plain)], plain[(number * 104729 + 1) % len(plain)]
        words = make_plain(text).split()
        if danger and len(text.split()) <= 20:
            yield split_stretches(" ".join([*before[-10:], *words, *after[:8]])), True
        elif not danger and number % 2:
            yield split_stretches(" ".join([*before[-8:], *words, *after[:8]])), False


def read_answers():
    """Answers to the bot that are long enough to be weighed, but those that may hint at danger after all."""
    known = [*intents("train"), *intents("own")]
    known += [one for number, one in enumerate(intents(VISITOR), 1) if not is_held(number)]
    for one in known:
        if one["label"] == "answer" and len(one["text"].split()) >= FEW and one["text"] not in HINTS:
            yield one["text"]


def build_matrix(stretches):
    """The features of each stretch as numbers, and the names of their columns."""
    counts = Counter()
    found = []
    for words in stretches:
        groups = [sorted(map(name_feature, one)) for one in features_of(words)]
        found.append(groups)
        for names in groups:
            counts.update(names)
    names = sorted(name for name, number in counts.items() if number >= RARE)
    column = {name: at for at, name in enumerate(names)}
    data, indices, ends = [], [], [0]
    for of_words, of_pieces, of_phrases in found:
        for group, size in ((of_words, len(of_words)), (of_pieces, len(of_pieces)), (of_phrases, 1)):
            known = [column[name] for name in group if name in column]
            indices += known
            data += [1 / sqrt(size or 1)] * len(known)
        ends.append(len(indices))
    return sparse.csr_matrix((data, indices, ends), shape=(len(found), len(names))), names


def fit(matrix, labels, scale):
    """The weights and the bias of a model in which features count as much as `scale` says."""
    strength = 10 if scale is None else 3
    scale = np.ones(matrix.shape[1]) if scale is None else scale
    model = LogisticRegression(C=strength, max_iter=200, solver="liblinear", random_state=0)
    model.fit(matrix @ sparse.diags(scale), labels)
    return model.coef_.ravel() * scale, model.intercept_[0]


def lopsidedness(matrix, labels, free):
    """How much more often each feature stands on one side; those that are `free` count as they are."""
    there = matrix > 0
    with_danger = np.asarray(there[labels].sum(0)).ravel() + 1.0
    without = np.asarray(there[~labels].sum(0)).ravel() + 1.0
    scale = np.abs(np.log((with_danger / with_danger.sum()) / (without / without.sum())))
    scale[free] = 1.0
    return scale


def choose_stretches(weights, spans):
    """Which stretches of each disclosure are taken for one."""
    chosen = []
    for begin, end in spans:
        most = begin + int(np.argmax(weights[begin:end]))
        chosen += [at for at in range(begin, end) if at == most or weights[at] > SURE]
    return chosen


def learn():
    """Learn the weights with and without the answers to the bot, and write their mean down."""
    without, found = (learn_weights(answers=answers) for answers in (False, True))
    names = sorted(without.keys() | found.keys())
    mean = (
        round((1 - WITH_ANSWERS) * without.get(one, 0) + WITH_ANSWERS * found.get(one, 0)) for one in names
    )
    lines = [f"{name}\t{weight}" for name, weight in zip(names, mean, strict=True) if weight]
    WEIGHTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


def learn_weights(*, answers):
    """The weight of each feature that matters, rounded, and of none at all (`""`)."""
    stretches, labels, spans = [], [], []
    for parts, danger in read_messages(answers=answers):
        if danger and parts:
            spans.append((len(stretches), len(stretches) + len(parts)))
        stretches += parts
        labels += [danger] * len(parts)
    matrix, names = build_matrix(stretches)
    labels = np.array(labels)
    phrases = [at for at, name in enumerate(names) if name[:2] in ("p ", "q ")]
    alike = learn_rounds(matrix, labels, spans, None)
    lopsided = learn_rounds(matrix, labels, spans, phrases)
    weights, bias = alike[0] + lopsided[0], alike[1] + lopsided[1]
    matter = np.abs(weights) * np.sqrt(np.asarray((matrix > 0).sum(0)).ravel())
    matter[phrases] = np.inf
    kept = np.sort(np.argsort(-matter, kind="stable")[:KEPT])
    return {"": round(bias * UNIT)} | {names[at]: round(weights[at] * UNIT) for at in kept}


def learn_rounds(matrix, labels, spans, free):
    """Fit a model, and again to the stretches that the first took for disclosures."""
    ordinary, chosen = list(np.where(~labels)[0]), list(np.where(labels)[0])
    for _ in range(ROUNDS):
        rows = chosen + ordinary
        scale = None if free is None else lopsidedness(matrix[rows], labels[rows], free)
        weights, bias = fit(matrix[rows], labels[rows], scale)
        chosen = choose_stretches(matrix @ weights + bias, spans)
    return weights, bias


if __name__ == "__main__":
    learn()
