"""The feature of letters, put together: `/my letter`, and its offer at the end of a course and of a school year."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from bot.chat.language import N_
from bot.facts import LessonDone
from bot.feature import DataSubject, Feature
from bot.letters import cards, tables
from bot.letters.commands import LetterCommands
from bot.letters.offers import LetterOffers
from bot.letters.school_year import SchoolYears, TermsOf, no_terms
from bot.reminders.policy import ReminderPolicy
from bot.runtime.clock import Clock
from bot.store.store import Store


def feature(store: Store, clock: Clock, policy: ReminderPolicy, terms: TermsOf = no_terms) -> Feature:
    """Letters; no letter is stored, only that one was offered. `terms` knows the calendar of a community."""
    years = SchoolYears(terms)
    commands, offers = LetterCommands(years), LetterOffers(store, clock, policy, years)
    return Feature(
        name="letters",
        forget=(forget,),
        hand_over=hand_over,
        nouns={"my": N_("Your settings and your data")},
        commands=commands.commands(),
        buttons=commands.buttons(),
        facts=((LessonDone, offers.lesson_done),),
        jobs=offers.jobs(),
        retention=tables.retention(),
        examples=cards.examples,
    )


def forget(conn: Connection, whose: DataSubject) -> None:
    """Forget which letters a member was offered."""
    tables.forget(conn, whose.community.id, whose.member_id)


def hand_over(conn: Connection, whose: DataSubject) -> Mapping[str, list[dict[str, object]]]:
    """Which letters a member was offered."""
    return {"letters offered": list(tables.hand_over(conn, whose.community.id, whose.member_id))}
