"""The classifier of messages: which wish one holds, or whether it is a value, an answer or too little to say.

There is no service behind it. A sentence is a wish where what is left of it, without greeting and politeness, is a phrase
of `phrases.txt` and nothing else; some phrases also count with other words around them, in a sentence about nobody else.
So "please stop" is a wish, and "Stop asking kids to line up. That was my moment." is an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from bot.intents.features import MessageWeight, may_talk, weigh_sentence, weigh_text
from bot.intents.intent import ASKING, NOTHING_KNOWN, Intent, Invited, TalkFacts
from bot.intents.own_questions import LEAST_NEED, REPORTS, asks, asks_and_answers, is_near, may_need
from bot.intents.sentences import (
    Sentence,
    prepare_spelling,
    read_intent_phrases,
    split_clauses,
    split_sentences,
    split_words,
    without_quotes,
)
from bot.intents.substance import are_words, says_something
from bot.intents.values import read_value

WISHES = tuple(one for one in Intent if one.wish and one not in (Intent.GREETING, Intent.THANKS))
"""In the order in which one comes before another."""
_SECTIONS = tuple((one, one.value, f"{one.value} anywhere") for one in WISHES)
"""Each wish with the sections of phrases that are all of what is left of a sentence, and that count among other words."""
_WISHED = frozenset(name for _, *names in _SECTIONS for name in names) | {"take_back soft"}
"""The sections of phrases that make a wish."""
_POLITE = frozenset(("greetings", "thanks"))
_TOWARD_US = frozenset(("toward us", "bot"))
GUARDED = frozenset((Intent.STOP, Intent.START, Intent.HELP, Intent.QUESTION, Intent.PROMPTS))
"""Wishes whose phrases also stand in what people tell of others."""
FIRM = frozenset((Intent.STOP, Intent.DELETE_DATA))
"""Wishes that are obeyed whatever else was said with them."""
TOLD = 8
"""Words besides a wish from which on a message may be an answer as well, so that it is asked about."""
KIND = 4
"""Words besides thanks that are still only kind."""
STOPS = 1.0
"""The weight from which on words are a wish to stop, whatever phrases they are made of."""
MAYBE = -1.0
"""The weight from which on thanks may come with a farewell."""
CHATS = 0.75
"""The weight from which on words that ask nothing are talk with the bot of another kind."""
ASKS, ASKS_NEAR, ASKS_FAR = -1.4, 0.25, 3.0
"""The weights from which on a question is one to the bot: where it names the bot, speaks of "you", "me" or "this", or neither."""
ASKS_WORLD = 2.0
"""The weight up to which a question is about the school, though a phrase knows it, where it needs nothing and names nobody."""
ASKED_AS_WISH = 3.0
"""The weight up to which even words that a phrase knows are asked about, where a prompt asks for a question."""
SHORT = -1.0
"""The weight up to which two words are an answer."""
LIKE_A_WISH = -0.5
"""The weight from which on a word or two are asked about, even where an answer is awaited."""
AROUND = -1.5
"""The same, of a sentence and the whole message it stands in, taken together."""
CERTAIN = 3.0
"""The weight from which on a sentence stays the wish it is, whatever else was said."""
FEW = 2
"""Words that are too little for an answer, unless they end like a sentence."""


@lru_cache(maxsize=256)
def understand(text: str, facts: TalkFacts = NOTHING_KNOWN) -> Intent:
    """What a message means."""
    if Invited.STOP not in facts.invited:
        return _understand(text, facts)
    intent = understand(text, replace(facts, invited=facts.invited & ~Invited.STOP))
    if intent is Intent.STOP and not _stops_outright(text, facts):
        return Intent.UNCLEAR  # it may be what the prompt asked for, and is no wish in so many words
    return intent


def _stops_outright(text: str, facts: TalkFacts) -> bool:
    """Whether a message asks us to stop in so many words, so that it can be nothing else; a word before others does not."""
    book, units = read_intent_phrases(), _read_units(text, facts)
    told = sum(len(one.words) for wish, one in units if wish is None)
    return any(book.has(one.text, "stop me") for _, one in units) or any(
        wish is Intent.STOP
        and (told <= FEW or len(one.words) > 1)
        and any(book.covers(core, "stop outright") for core in _cores(one))
        for wish, one in units
    )


def _understand(text: str, facts: TalkFacts) -> Intent:
    value = read_value(text, facts.questions) if facts.questions else None
    if value is not None and not value.reason:
        return Intent.VALUE
    units = _without_reports(text, _read_units(text, facts))
    wishes = {wish for wish, _ in units if wish is not None}
    rest = [one for wish, one in units if wish is None and one.words]
    if wishes and asks_and_answers(text, units, wants_question=facts.wants_question):
        wishes = set()
    if (
        facts.wants_question
        and wishes
        and wishes <= ASKING
        and _may_be_asked(text, [one for _, one in units])
    ):
        weight = weigh_text(text)
        doubtful = Intent.HELP in wishes or weight.talk > 0 or may_need(weight)
        return Intent.UNCLEAR if doubtful else Intent.ANSWER
    if (wish := next((one for one in WISHES if one in wishes), None)) is not None:
        besides = sum(len(one.words) for one in rest if _tells(one))
        return wish if wish in FIRM or besides < TOLD else Intent.UNCLEAR
    if value is not None:
        return Intent.VALUE
    if not rest:
        return _polite([one for _, one in units])
    return _weigh(text, [one for _, one in units], rest, facts)


def _may_be_asked(text: str, units: Sequence[Sentence]) -> bool:
    """Whether what is made like a question to the bot may be one to somebody else, which a prompt asked for."""
    return all(len(one.words) > FEW and asks(one) for one in units) and weigh_text(text).talk <= ASKED_AS_WISH


def find_wishes(text: str, facts: TalkFacts = NOTHING_KNOWN) -> set[Intent]:
    """The wishes that the sentences of a message are, by phrases alone."""
    return {wish for wish, _ in _read_units(text, facts) if wish is not None}


def _read_units(text: str, facts: TalkFacts) -> list[tuple[Intent | None, Sentence]]:
    """The sentences of a message, or their clauses, each with the wish that it is.

    One word before a longer report ("Help. She finally asked for it.") is no wish, whatever it means alone.
    """
    units = [unit for one in split_sentences(without_quotes(text)) for unit in _units(one, facts)]
    told = sum(len(one.words) for wish, one in units if wish is None)
    return [(wish if told < TOLD or len(one.words) > 1 else None, one) for wish, one in units]


def _units(sentence: Sentence, facts: TalkFacts) -> list[tuple[Intent | None, Sentence]]:
    """A sentence with the wish that it is; or its clauses, where one of them is a wish."""
    wish = _wish_of(sentence, facts)
    if wish is not None or not may_come_apart(sentence):
        return [(wish, sentence)]
    clauses = split_clauses(sentence)
    reports = read_intent_phrases().has(sentence.text, "reporting")
    parts = [(None if reports else _wish_of_clause(one, facts), one) for one in clauses]
    polite = [one for one in clauses if (one.thanks or one.greets) and not one.words]
    return parts if polite or any(found is not None for found, _ in parts) else [(None, sentence)]


def may_come_apart(sentence: Sentence) -> bool:
    """Whether a clause of a sentence can be a wish or only polite, by its words: few sentences need be split."""
    found = read_intent_phrases().candidates(sentence.whole).keys()
    wished = not _WISHED.isdisjoint(found) and not _TOWARD_US.isdisjoint(found)
    return wished or not _POLITE.isdisjoint(found)


def _wish_of_clause(clause: Sentence, facts: TalkFacts) -> Intent | None:
    """The wish that a part of a sentence is: only where it speaks to us, for much is listed between commas."""
    book = read_intent_phrases()
    if len(clause.words) < FEW or _WISHED.isdisjoint(book.candidates(clause.whole)):
        return None
    if not (book.has(clause.text, "toward us") or book.has(clause.text, "bot")):
        return None
    return _wish_of(clause, facts)


def _wish_of(sentence: Sentence, facts: TalkFacts) -> Intent | None:
    """The wish that a sentence is."""
    book, text = read_intent_phrases(), sentence.text
    standing = book.candidates(sentence.whole)  # looked for before, where something was taken off
    if not sentence.words or _WISHED.isdisjoint(standing):
        return None  # no phrase of a wish can stand in it, nor in a part of it
    others = book.has(text, "others")
    cores = _cores(sentence)
    for wish, whole, anywhere in _SECTIONS:
        if others and wish in GUARDED:
            continue
        if whole in standing and any(book.covers(one, whole) for one in cores):
            return wish
        if anywhere in standing and book.has(text, anywhere):
            return wish
    if facts.answering and not others and any(book.covers(one, "take_back soft") for one in cores):
        return Intent.TAKE_BACK
    return None


def _without_reports(
    text: str, units: Sequence[tuple[Intent | None, Sentence]]
) -> list[tuple[Intent | None, Sentence]]:
    """The units, none of them a wish that is certainly an answer, though it is made like one ("Dejé de gritar")."""
    return [(None if wish and _reports_only(text, wish, one) else wish, one) for wish, one in units]


def _reports_only(text: str, wish: Intent, sentence: Sentence) -> bool:
    """Whether what is made like a wish is certainly told: by itself, or by what else the message says."""
    alone = weigh_sentence(sentence)
    least = ASKS_WORLD if wish in ASKING and alone.need < LEAST_NEED and not is_near([sentence]) else REPORTS
    if len(sentence.words) > FEW and alone.talk < least:
        return True
    around = (alone.talk + weigh_text(text).talk) / 2
    return wish not in FIRM and alone.talk < CERTAIN and around < AROUND


def _cores(sentence: Sentence) -> Sequence[str]:
    """A sentence as it is, and without "can you", "I want to" and the like at its beginning."""
    book, cores, text = read_intent_phrases(), [sentence.text], sentence.text
    for _ in range(2):
        ends = book.find_openings(text, "frames")
        if not ends or max(ends) >= len(text) - 1:
            break
        cores += [text[end:] for end in sorted(set(ends)) if end < len(text) - 1]
        text = text[max(ends) :]
    return cores


def _tells(sentence: Sentence) -> bool:
    """Whether a sentence tells something, rather than going on about a wish."""
    return read_intent_phrases().has(sentence.text, "story") or not read_intent_phrases().has(
        sentence.text, "bot"
    )


def _polite(units: Sequence[Sentence]) -> Intent:
    """What a message is that holds nothing but greetings, thanks and marks: a question mark alone asks for help."""
    if any(one.thanks for one in units):
        return Intent.THANKS
    if any(one.greets for one in units):
        return Intent.GREETING
    return Intent.HELP if any(one.asks for one in units) else Intent.UNCLEAR


def _weigh(text: str, units: Sequence[Sentence], rest: Sequence[Sentence], facts: TalkFacts) -> Intent:
    """What a message is that holds no wish which a phrase knows."""
    book = read_intent_phrases()
    thanked = any(one.thanks for one in units)
    if all(book.covers(one.text, "unclear") or all(word.isdecimal() for word in one.words) for one in rest):
        return Intent.THANKS if thanked else Intent.UNCLEAR
    quotes = without_quotes(text) != text
    count = sum(len(one.words) for one in rest) + (FEW if quotes else 0)
    asked = all(asks(one) for one in rest) or (facts.wants_question and _asks_as_a_whole(text))
    if count > FEW and not thanked and not asked and not may_talk(text):
        return Intent.ANSWER
    story, others, talks = (
        any(book.has(one.text, each) for one in rest) for each in ("story", "others", "bot")
    )
    weight = weigh_text(text)  # the whole message
    if weight.stop > STOPS and weight.talk > 0 and not others and (talks or not story):
        return Intent.STOP
    kind = count <= KIND or all(book.covers(one.text, "kind") for one in rest)
    if kind and thanked and weight.stop < MAYBE and not others:
        return Intent.THANKS
    if asked:
        return _weigh_question(weight, rest, facts, others=others)
    if may_need(weight) or weight.talk > CHATS:
        return Intent.UNCLEAR
    few = (
        1
        if facts.answering or facts.noting or weight.talk < SHORT or any(one.closed for one in rest)
        else FEW
    )
    return (
        Intent.UNCLEAR if count <= few and not (facts.awaited and _says_much(weight, rest)) else Intent.ANSWER
    )


def _weigh_question(
    weight: MessageWeight, rest: Sequence[Sentence], facts: TalkFacts, *, others: bool
) -> Intent:
    """What a message is that only asks: in doubt an answer, unless it may ask for what must not be kept."""
    weights = [weight, *map(weigh_sentence, rest)]
    asked, needs = max(one.talk for one in weights), any(map(may_need, weights))
    if facts.wants_question:
        return Intent.UNCLEAR if needs or asked > ASKS_FAR else Intent.ANSWER
    talks, near = any(read_intent_phrases().has(one.text, "bot") for one in rest), is_near(rest)
    if asked > (ASKS if talks else ASKS_NEAR if near else ASKS_FAR):
        return Intent.QUESTION if (talks or weight.talk > 0 or near) and not others else Intent.UNCLEAR
    return Intent.UNCLEAR if needs else Intent.ANSWER


def _asks_as_a_whole(text: str) -> bool:
    """Whether a message asks with all its words, those too that would only be polite elsewhere ("how are you really")."""
    words = [one for one in split_words(text) if one.isalnum()]
    return len(words) > FEW and read_intent_phrases().covers(f" {' '.join(words)} ", "asking")


def _says_much(weight: MessageWeight, rest: Sequence[Sentence]) -> bool:
    """Whether a word or two say something of a school day: real words, and none of a wish."""
    words = [word for one in rest for word in one.words]
    return weight.talk < LIKE_A_WISH and are_words(words) and says_something(" ".join(words))


def load_classifier() -> None:
    """Read phrases, spellings and weights, so that the first message need not wait for them."""
    understand("please")
    prepare_spelling()
    weigh_text("please")
