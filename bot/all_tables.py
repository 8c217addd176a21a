"""Every table Tilth knows, in one import: for writing a migration, and for testing that none is missing."""

from bot.alerts import permission_check
from bot.alerts import tables as alerting
from bot.calendars import tables as calendars
from bot.capture import held_messages
from bot.capture import tables as capture
from bot.courses.buddies import tables as buddy_tables
from bot.courses.cohorts import tables as cohort_tables
from bot.courses.comparisons import tables as comparison_tables
from bot.courses.enrollment import tables
from bot.courses.holds import tables as hold_tables
from bot.courses.lessons import catalog, plan_fills
from bot.courses.lessons import tables as lessons_tables
from bot.courses.notices import tables as notice_tables
from bot.courses.progress_import import deliveries
from bot.courses.progress_import import drafts as progress_drafts
from bot.courses.quizzes import tables as quiz_tables
from bot.courses.rosters import tables as roster_tables
from bot.courses.teams import handovers, team_totals
from bot.courses.teams import tables as teams_tables
from bot.danger import tables as danger_tables
from bot.delivery import outbox, pacing, restore_guard
from bot.discussions import rsvps, topics
from bot.discussions import tables as discussions
from bot.exports import tables as export_tables
from bot.feeds import tables as feed_tables
from bot.letters import tables as letter_tables
from bot.people import accounts, audit, channel_members, link_codes, links, options, preferences
from bot.people import tables as people
from bot.ratings import tables as rating_tables
from bot.reflections.anonymous import tables as anonymous_tables
from bot.reflections.answers import reminders, seen_notes, standing_cards, told_counts
from bot.reflections.answers import tables as reflections
from bot.reflections.conversations import tables as conversations
from bot.reflections.conversations import thanks
from bot.reflections.moderation import tables as moderation
from bot.reflections.prompts import bank, memory, suggestions
from bot.reflections.schedule import asked_prompts, skips
from bot.reflections.shared_answers import tables as shared_answers
from bot.reminders import tables as reminders_tables
from bot.reports import tables as report_tables
from bot.reports.highlights import tables as highlight_tables
from bot.reports.monthly_card import tables as monthly_tables
from bot.scheduled_posts import headsups
from bot.schedules import breaks
from bot.schedules import tables as schedules_tables
from bot.search import tables as search_tables
from bot.store import adapter_state, leases, secret
from bot.store.schema import metadata
from bot.strategies import tables as strategy_tables
from bot.strategies import try_tables
from bot.team_plans import drafts as plan_drafts
from bot.team_plans import places as plan_places
from bot.team_plans import rooms as team_rooms
from bot.team_plans import tables as plans
from bot.team_plans.canvas import tables as plan_canvases
from bot.team_plans.check_ins import notices as stuck_notices
from bot.team_plans.check_ins import tables as check_ins
from bot.team_plans.meetings import tables as meetings
from bot.webhooks import tables as webhook_tables

ROOMS = (
    accounts, alerting, danger_tables, asked_prompts, audit, bank, breaks, calendars, capture, catalog, channel_members, conversations, deliveries, progress_drafts, options, discussions,
    held_messages, memory, tables, restore_guard, handovers, headsups, leases, link_codes, links, permission_check, preferences, reminders_tables, outbox, pacing, people, schedules_tables,
    standing_cards, told_counts, lessons_tables, plan_fills, moderation, notice_tables, anonymous_tables, reflections, reminders, rsvps, seen_notes, adapter_state, secret, shared_answers, skips, suggestions, team_totals, teams_tables, thanks, topics,
    plans, plan_drafts, plan_places, plan_canvases, team_rooms, hold_tables, meetings, check_ins, stuck_notices, cohort_tables, quiz_tables, buddy_tables, roster_tables,
    comparison_tables, report_tables, highlight_tables, monthly_tables, search_tables,
    export_tables, letter_tables,
    strategy_tables, try_tables, rating_tables, webhook_tables, feed_tables,
)  # fmt: skip
"""The records modules; importing each of them adds its tables to `metadata`."""

__all__ = ["ROOMS", "metadata"]
