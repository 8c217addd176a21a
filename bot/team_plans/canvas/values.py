"""What people wrote on a line of a canvas, read back as the value of the field that it holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.chat.canvas import CanvasLine
from bot.chat.language import _
from bot.chat.time.vocabulary import PhraseError
from bot.team_plans.canvas.lines import BLANK, PlanLine
from bot.team_plans.model import DAY, OWNER, PlanSheet
from bot.team_plans.sheets import CHOICES, LIMIT, LIMITS, OPTIONAL, REQUIRED, read_form_day
from bot.team_plans.writer import PlanValue

ECHOES = 3
"""How often in a row a line may come back with other words than were written: then it is the platform that changes them."""


class Unreadable(Exception):
    """The words of a line are no value of its field."""


@dataclass(frozen=True, slots=True)
class ReadingAids:
    """What words on a canvas can mean: the day it is, and the people of the team by name and by their id there."""

    today: date
    people: Mapping[int, str]
    accounts: Mapping[str, int]

    def spoken(self, line: CanvasLine) -> str:
        """The words of a line, with the names of whom it mentions. Raises `Unreadable` where one is not in the team."""
        names = {account: self.people[who] for account, who in self.accounts.items() if who in self.people}
        if not names.keys() >= set(line.mentions):
            raise Unreadable  # else the id of an account would stand in the plan
        return re.sub(r"@(\w+)", lambda found: names.get(found[1], found[0]), line.plain)


def read_field(one: PlanLine, there: CanvasLine, aids: ReadingAids, *, echoes: int = 0) -> PlanValue:
    """The value that a line holds now. Raises `Unreadable`. `echoes`: how often it came back other than it was written."""
    if one.sheet is None or not one.field or echoes >= ECHOES:
        raise Unreadable
    text = _answer(one.line.label, aids.spoken(there))
    text = "" if text.strip(". ") in ("", BLANK) else text
    if not text:
        if (one.sheet, one.field) in REQUIRED or one.field not in OPTIONAL:
            raise Unreadable
        return None if one.field in (DAY, OWNER) else ""
    if one.field == DAY:
        return _day(text, aids.today, past=one.sheet is PlanSheet.CHANGE)
    if one.field == OWNER:
        return _person(text, aids)
    if one.field in CHOICES:
        return _code(text, CHOICES[one.field])
    if len(text) > LIMITS.get(one.field, LIMIT):
        raise Unreadable
    return text


def _answer(label: str, plain: str) -> str:
    """The words behind the label of a line."""
    if not label:
        return plain.strip()
    found = re.match(rf"\s*{re.escape(label)}\s*:(.*)", plain, re.IGNORECASE | re.DOTALL)
    if found is None:
        raise Unreadable
    return found[1].strip()


def _day(text: str, today: date, *, past: bool) -> date:
    """A day as people write it, also behind its weekday."""
    for phrase in (text, text.partition(",")[2]):
        try:
            return read_form_day(phrase.strip(), today, past=past)
        except PhraseError:
            continue
    raise Unreadable


def _person(text: str, aids: ReadingAids) -> int:
    """The one person of the team with this name, or with this first name."""
    wanted = " ".join(text.removeprefix("@").split()).casefold()
    names = {who: " ".join(name.split()).casefold() for who, name in aids.people.items()}
    for found in (
        [who for who, name in names.items() if name == wanted],
        [who for who, name in names.items() if name.split()[:1] == [wanted]],
    ):
        if len(found) == 1:
            return found[0]
    raise Unreadable


def _code(text: str, names: Mapping[str, str]) -> str:
    """The word of ours for what people chose."""
    found = [code for code, name in names.items() if _(name).casefold() == text.casefold()]
    if not found:
        raise Unreadable
    return found[0]
