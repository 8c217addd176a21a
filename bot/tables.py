"""Every table Tilth knows, in one import: for writing a migration, and for testing that none is missing."""

from bot.alerting import lookout
from bot.alerting import records as alerting
from bot.calendars import records as calendars
from bot.capture import records as capture
from bot.courses import catalogue, enrolments, progress, teams
from bot.delivery import epoch, outbox, pacing
from bot.discussions import records as discussions
from bot.discussions import rsvps, topics
from bot.nudging import records as nudging
from bot.people import accounts, audit, choices, manners
from bot.people import records as people
from bot.reflections import asked, bank, drawing, headsups, reminding, suggestions
from bot.reflections import records as reflections
from bot.store import leases, shelf
from bot.store.schema import metadata
from bot.timing import calendar, plans

ROOMS = (
    accounts, alerting, asked, audit, bank, calendar, calendars, capture, catalogue, choices, discussions,
    drawing, enrolments, epoch, headsups, leases, lookout, manners, nudging, outbox, pacing, people, plans,
    progress, reflections, reminding, rsvps, shelf, suggestions, teams, topics,
)  # fmt: skip
"""The records modules; importing each of them adds its tables to `metadata`."""

__all__ = ["ROOMS", "metadata"]
