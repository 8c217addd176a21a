"""Example cards of meetings, filled with an invented team."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.chat.cards import Card
from bot.chat.language import N_, _
from bot.courses.lessons.model import MeetingPart
from bot.courses.teams.tables import Team
from bot.team_plans.meetings import cards
from bot.team_plans.meetings.agenda import Agenda, plain_agenda
from bot.team_plans.meetings.summary import summary_card
from bot.team_plans.meetings.tables import TeamMeeting
from bot.team_plans.model import PlanEntry, PlanPart, PlanSheet, TeamPlan

_AT = datetime(2026, 10, 22, 19, tzinfo=UTC)
_ZONE = "America/Chicago"
_WORDS = (
    (PlanPart.PROBLEM, {"what": N_("Students ask for help only after class.")}),
    (PlanPart.CAUSES, {"cause": N_("We answer the first hand that goes up.")}),
    (PlanPart.VOICES, {"said": N_("They never ask us.")}),
    (PlanPart.NEXT, {"what": N_("Hand out written directions.")}),
)


def _example_meeting() -> TeamMeeting:
    """A meeting with a lesson's protocol."""
    agenda = Agenda(
        _("Change the Discourse"),
        (
            MeetingPart(
                _("Each person writes causes alone, one on each card."), 8,
                _("Write what you have seen. Leave names out."),
                _("Each person types causes into the shared page, with the camera off."), PlanSheet.CAUSES.value,
            ),
            MeetingPart(_("Put like beside like. Give each group a name."), 12),
        ),
        bring=(_("One number by student group"),), materials=(_("Cards and pens"),),
        roles=((_("Host"), _("Reads out the lines to say.")), (_("Scribe"), _("Writes into the plan."))),
        write_down=_("The causes, each with its evidence."), end=_("One word from each person."),
    )  # fmt: skip
    return TeamMeeting(
        1, 1, 1, 1, "local:harbor", "c1", None, _AT, "c1.2", online=False, tells=True, agenda=agenda,
        made_at=_AT - timedelta(days=3),
    )  # fmt: skip


def _example_plan() -> TeamPlan:
    """What was written in it."""
    entries = tuple(
        PlanEntry(at, part, 1, {name: _(said) for name, said in words.items()})
        for at, (part, words) in enumerate(_WORDS, 1)
    )
    *others, step = entries
    return TeamPlan(1, 1, "North", entries=(*others, replace(step, owner_id=1, day=date(2026, 10, 30))))


def examples() -> tuple[Card, ...]:
    """A meeting from its announcement to its end."""
    meeting, plan, team, zone = _example_meeting(), _example_plan(), Team(1, "North", 5), _ZONE
    written = {one.id for one in plan.entries}
    runs = replace(meeting, started_at=_AT, moved_at=_AT, step=1)
    video = replace(runs, online=True, tells=False, part=1, step=2)
    close = replace(runs, part=2, step=3)
    over = replace(close, ended_at=_AT + timedelta(hours=1))
    off = replace(meeting, called_off_at=_AT)
    plain = replace(runs, agenda=plain_agenda(PlanSheet.VOICES), part=1, step=2)
    return (
        *(cards.announcement(one, team, zone) for one in (meeting, replace(video, step=0, started_at=None), runs, over, off)),
        cards.bell_card(meeting, team), cards.bell_card(meeting, team, live=False), cards.early_card(meeting, zone),
        cards.started_card(), *(cards.step_card(one, plan, zone) for one in (runs, video, plain, close)),
        cards.step_card(runs, plan, zone, live=False), *(cards.elsewhere_card(one) for one in (runs, close, over, off)),
        summary_card(over, plan, written, {1: "Ada Quinn"}, fills=True),
        summary_card(replace(over, tells=False), plan, written, {}), summary_card(over, plan, set(), {}),
        cards.planned_card(meeting, team, zone), cards.planned_card(meeting, team, zone, changed=True),
        cards.coming_card((runs, meeting), team, zone, may_plan=True), cards.coming_card((), team, zone, may_plan=False),
        cards.off_card(meeting, team),
        cards.told_off(meeting, team, zone), cards.told_on(meeting, team, zone), cards.told_moved(meeting, team, zone),
        cards.lost_card(meeting, team, zone, "not_in_channel"),
    )  # fmt: skip
