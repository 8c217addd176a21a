"""What stands in the audit log, as sentences."""

from __future__ import annotations

from bot.chat.language import N_, _
from bot.people.audit import NOBODY, Change

DEEDS = {
    "accepted": N_("{who} accepted {subject}"),
    "added to a team": N_("{who} added {subject} to a team"),
    "added topics": N_("{who} added topics to {subject}"),
    "added": N_("{who} added {subject}"),
    "approved": N_("{who} approved {subject}"),
    "archived a team": N_("{who} archived the team {subject}"),
    "asked a moderator for contact": N_("{who} asked a moderator for contact"),
    "began a team anew": N_("{who} began a new year for the team {subject}"),
    "brought back": N_("{who} brought back {subject}"),
    "canceled": N_("{who} canceled {subject}"),
    "changed who leads": N_("{who} changed who leads {subject}"),
    "changed": N_("{who} changed {subject}"),
    "chose": N_("{who} chose {subject}"),
    "connected": N_("{who} connected {subject}"),
    "declined": N_("{who} declined {subject}"),
    "dropped topic": N_("{who} dropped a topic of {subject}"),
    "edited": N_("{who} edited {subject}"),
    "enrolled a group": N_("{who} enrolled {subject}"),
    "exported answers": N_("{who} exported answers: {subject}"),
    "granted a call": N_("{who} changed whom {subject} notifies"),
    "hid an anonymous answer": N_("{who} hid an anonymous answer to {subject}"),
    "hid an answer": N_("{who} hid an answer: {subject}"),
    "imported progress": N_("{who} imported progress in {subject}"),
    "imported": N_("{who} imported {subject}"),
    "imported teams": N_("{who} imported teams from a table: {subject}"),
    "left a reported answer": N_("{who} left a reported answer as it was: {subject}"),
    "made a team": N_("{who} made the team {subject}"),
    "moved a lesson": N_("{who} moved a lesson for the team {subject}"),
    "ordered": N_("{who} ordered {subject}"),
    "paused": N_("{who} paused {subject}"),
    "placed a plan": N_("{who} chose where the plan of {subject} is posted"),
    "planned": N_("{who} planned {subject}"),
    "posted now": N_("{who} posted {subject} at once"),
    "posted": N_("{who} posted {subject}"),
    "read a reported answer": N_("{who} read a reported answer: {subject}"),
    "released": N_("{who} released {subject}"),
    "removed a plan": N_("{who} removed the posted plan of {subject}"),
    "removed from a team": N_("{who} removed {subject} from a team"),
    "removed": N_("{who} removed {subject}"),
    "renamed a team": N_("{who} renamed the team {subject}"),
    "reopened a team": N_("{who} reopened the team {subject}"),
    "reported an answer": N_("{who} reported an answer: {subject}"),
    "restored": N_("{who} restored {subject}"),
    "resumed": N_("{who} resumed {subject}"),
    "retired": N_("{who} retired {subject}"),
    "settled a report": N_("{who} settled a report of {subject}"),
    "showed a strategy again": N_("{who} showed a strategy again: {subject}"),
    "showed an anonymous answer again": N_("{who} showed an anonymous answer again: {subject}"),
    "showed an answer again": N_("{who} showed an answer again: {subject}"),
    "showed an answer to everyone": N_("{who} showed an answer to everyone: {subject}"),
    "skipped": N_("{who} skipped {subject}"),
    "suspended": N_("{who} suspended {subject}"),
    "tagged": N_("{who} tagged {subject}"),
    "took a request for contact": N_("{who} took a request for contact"),
    "took away a shown answer": N_("{who} took away an answer that was shown to everyone: {subject}"),
    "took back a skip": N_("{who} took back that {subject} is skipped"),
    "took out a strategy": N_("{who} took out a strategy: {subject}"),
    "took over a team": N_("{who} took over the team {subject}"),
    "tried again": N_("{who} tried again: {subject}"),
    "undid an import of teams": N_("{who} undid an import of teams: {subject}"),
    "unenrolled a group": N_("{who} unenrolled {subject}"),
}
"""The verbs of `audit.record_change`, each with its sentence."""


_ROLES = (N_("member"), N_("moderator"), N_("admin"))
"""What `Change.role` says of people, named so that the catalogs have it."""


def deed_words(change: Change) -> str:
    """Say who changed what."""
    who = change.who if change.role == NOBODY else f"{change.who} ({_(change.role)})"
    if change.what not in DEEDS:
        return f"{who} {change.what} {change.subject}"
    return _(DEEDS[change.what], who=who, subject=change.subject)
