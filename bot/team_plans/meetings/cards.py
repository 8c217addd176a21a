"""The cards of a team's meeting: what announces it, each of its parts, its close, and what the lead is answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.alerts.cards import reason
from bot.chat.cards import (
    Block,
    Button,
    Buttons,
    Card,
    ChannelLink,
    Facts,
    Heading,
    Markdown,
    Moment,
    Note,
    Words,
    compose,
    say,
    words,
)
from bot.chat.language import _, ngettext
from bot.courses.lessons.model import MeetingPart
from bot.courses.teams.tables import Team
from bot.team_plans.labels import PARTS
from bot.team_plans.meetings.tables import TeamMeeting
from bot.team_plans.model import PlanSheet, TeamPlan
from bot.team_plans.page import sheet_button

START, NEXT, BACK, END, OFF, ON = "meet.start", "meet.next", "meet.back", "meet.end", "meet.off", "meet.on"
SEE = "meet.see"
"""The button that shows the meetings of a team (`t3`)."""
PLAN = "meet.plan"
"""The form in which a meeting is planned (`t3`) or changed (`m12`)."""
NOW = "now"
"""What a Start button carries that begins a meeting long before its time."""


def when_of(meeting: TeamMeeting, zone: str) -> Moment:
    """When a meeting is."""
    return Moment(meeting.meets_at, zone)


# ── before it begins ──────────────────────────────────────────────────────────


def announcement(meeting: TeamMeeting, team: Team, zone: str) -> Card:
    """What stands in the team's place about a meeting, as long as there is one."""
    title = _("Meeting of {team}", team=team.name)
    if meeting.called_off_at is not None:
        off = compose(_("The meeting on {when} is called off."), when=when_of(meeting, zone))
        return say(title, Heading(title), Markdown(off))
    blocks: list[Block] = [Heading(title), Facts(_facts(meeting, zone))]
    if meeting.ended_at is not None:
        return say(title, *blocks, Markdown(_("This meeting is over.")))
    if meeting.started_at is not None:
        return say(title, *blocks, Markdown(_runs_where(meeting)))
    for text, things in (
        (_("**Have ready**\n{things}", things=_bullets(meeting.agenda.materials)), meeting.agenda.materials),
        (_("**Bring**\n{bring}", bring=_bullets(meeting.agenda.bring)), meeting.agenda.bring),
    ):
        blocks += [Markdown(text)] if things else []
    note = (
        _(
            "At the end I post what you wrote into the plan, under the meeting’s cards. Everybody who can read them sees it."
        )
        if meeting.tells
        else _("What you write goes into your team’s plan only.")
    )
    return say(title, *blocks, Buttons((_start(meeting), *_changes(meeting))), Note(note))


def _runs_where(meeting: TeamMeeting) -> str:
    """That a meeting runs, and where its cards are: in the channel itself where no thread could be opened."""
    if meeting.runs_in == "":
        return _("This meeting runs now, in the channel.")
    return _("This meeting runs now, in the thread.")


def _facts(meeting: TeamMeeting, zone: str) -> tuple[tuple[str, Words], ...]:
    how = _("On a video call") if meeting.online else _("In person")
    about = ngettext(
        "{title}, {count} minute",
        "{title}, {count} minutes",
        meeting.agenda.minutes,
        title=meeting.agenda.title,
    )
    return (_("When"), (when_of(meeting, zone),)), (_("What"), about), (_("How"), how)


def _bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"- {one}" for one in lines)


def _start(meeting: TeamMeeting, value: str = "") -> Button:
    return Button(_("Start the meeting"), does=START, value=f"m{meeting.id}{value}", style="main")


def _changes(meeting: TeamMeeting) -> tuple[Button, ...]:
    return (
        Button(_("Move or change it"), opens=PLAN, value=f"m{meeting.id}"),
        Button(_("Call it off"), does=OFF, value=f"m{meeting.id}", style="danger"),
    )


def bell_card(meeting: TeamMeeting, team: Team, *, live: bool = True) -> Card:
    """What is posted at the time of a meeting; not `live`: that time is over."""
    title = _("It is time for the meeting of {team}", team=team.name)
    asks = Markdown(_("Anybody in the team can start it. I show one part after the other in the thread."))
    return say(title, Heading(title), asks, Buttons((_start(meeting),))) if live else say(title)


def early_card(meeting: TeamMeeting, zone: str) -> Card:
    """The question to who starts a meeting long before its time."""
    asked = compose(_("This meeting is planned for {when}. Start it now?"), when=when_of(meeting, zone))
    now = Button(_("Start it now"), does=START, value=f"m{meeting.id}/{NOW}", style="main")
    return say(words(asked), Markdown(asked), Buttons((now,)))


def started_card() -> Card:
    """The answer to who started a meeting long before its time."""
    return say(_("The meeting runs. Its first card is in the thread."))


# ── while it runs ─────────────────────────────────────────────────────────────


def step_card(meeting: TeamMeeting, plan: TeamPlan, zone: str, *, live: bool = True) -> Card:
    """The card of where a meeting is; not `live`: it has moved on, and the buttons are gone."""
    if meeting.at_close:
        return _closing_card(meeting, plan, live=live)
    return _part_card(meeting, plan, zone, live=live)


def _part_card(meeting: TeamMeeting, plan: TeamPlan, zone: str, *, live: bool) -> Card:
    parts = meeting.agenda.parts
    part, number = parts[meeting.part], meeting.part + 1
    title = ngettext(
        "Part {number} of {total}: {count} minute", "Part {number} of {total}: {count} minutes", part.minutes,
        number=number, total=len(parts),
    )  # fmt: skip
    blocks: list[Block] = [Heading(title)]
    if meeting.part == 0 and meeting.agenda.roles:
        blocks += [Markdown(_("Share the roles first:")), Facts(meeting.agenda.roles)]
    blocks.append(Markdown(part.do))
    if meeting.online and part.online:
        blocks.append(Markdown(_("On a video call: {online}", online=part.online)))
    if part.say:
        blocks.append(Markdown(_("Say: *{words}*", words=part.say.replace("*", "\\*"))))
    sheet = _sheet_of(part)
    if sheet is not None:
        under = _(PARTS[sheet.part])
        blocks.append(Markdown(_("Scribe: write it into the plan, under **{part}**.", part=under)))
    if not live:
        return say(title, *blocks)
    if meeting.moved_at is not None:
        until = Moment(meeting.moved_at + timedelta(minutes=part.minutes), zone, "time")
        blocks.append(Note(compose(_("Until about {time}."), time=until)))
    return say(title, *blocks, Buttons(_ways(meeting, plan, sheet)))


def _sheet_of(part: MeetingPart) -> PlanSheet | None:
    return PlanSheet(part.plan) if part.plan else None


def _ways(meeting: TeamMeeting, plan: TeamPlan, sheet: PlanSheet | None) -> tuple[Button, ...]:
    here = f"m{meeting.id}/{meeting.step}"
    found = [Button(_("Next part"), does=NEXT, value=here, style="main")]
    if sheet is not None:
        found.append(sheet_button(plan, sheet, label=_("Write it down")))
    if meeting.part > 0:
        found.append(Button(_("Back"), does=BACK, value=here))
    return tuple(found)


def _closing_card(meeting: TeamMeeting, plan: TeamPlan, *, live: bool) -> Card:
    title = _("Who does what by when?")
    blocks: list[Block] = [Heading(title)]
    rows = ((_("Write down"), meeting.agenda.write_down), (_("End"), meeting.agenda.end))
    if given := tuple((label, said) for label, said in rows if said):
        blocks.append(Facts(given))
    blocks.append(Markdown(_("Write each next step into the plan. Then end the meeting.")))
    here = f"m{meeting.id}/{meeting.step}"
    if not live:
        return say(title, *blocks)
    buttons = [
        sheet_button(plan, PlanSheet.NEXT, main=True),
        Button(_("End the meeting"), does=END, value=here),
    ]
    if meeting.agenda.parts:
        buttons.append(Button(_("Back"), does=BACK, value=here))
    return say(title, *blocks, Buttons(tuple(buttons)))


def elsewhere_card(meeting: TeamMeeting) -> Card:
    """The answer to a button of a card that the meeting has left behind."""
    if meeting.ended_at is not None:
        return say(_("This meeting is over."))
    if meeting.called_off_at is not None:
        return say(_("This meeting is called off."))
    if meeting.at_close:
        return say(_("The meeting has reached its end. Go on with its last card."))
    number, total = meeting.part + 1, len(meeting.agenda.parts)
    return say(
        _("The meeting is at part {number} of {total}. Go on with its last card.", number=number, total=total)
    )


# ── to the lead ───────────────────────────────────────────────────────────────


def planned_card(meeting: TeamMeeting, team: Team, zone: str, *, changed: bool = False) -> Card:
    """The answer to who planned a meeting, or changed it."""
    when = when_of(meeting, zone)
    if changed:
        said = compose(
            _("The meeting of **{team}** is changed: {when}. Its post says so."), team=team.name, when=when
        )
    else:
        said = compose(
            _("The meeting of **{team}** is planned: {when}. I post it in {place}."),
            team=team.name, when=when, place=ChannelLink(meeting.channel),
        )  # fmt: skip
    return say(words(said).replace("*", ""), Markdown(said), Buttons(_changes(meeting)))


def coming_card(meetings: Sequence[TeamMeeting], team: Team, zone: str, *, may_plan: bool) -> Card:
    """The meetings of a team that run or are to come, with what can be done about them."""
    title = _("Meetings of {team}", team=team.name)
    blocks: list[Block] = [Heading(title)]
    if not meetings:
        blocks.append(Markdown(_("No meeting is planned right now.")))
    for one in meetings:
        blocks.append(Facts((*_facts(one, zone), (_("Where"), (ChannelLink(one.channel),)))))
        if one.runs:
            blocks.append(Markdown(_runs_where(one)))
        elif may_plan:
            blocks.append(Buttons(_changes(one)))
    if may_plan:
        blocks.append(Buttons((Button(_("Plan another meeting"), opens=PLAN, value=f"t{team.id}"),)))
    return say(title, *blocks)


def next_line(meeting: TeamMeeting, zone: str) -> Words:
    """The meeting that comes next, or runs, in one line."""
    where = ChannelLink(meeting.channel)
    if meeting.runs:
        return compose(_("A meeting runs now in {channel}."), channel=where)
    return compose(_("Next meeting: {when}, in {channel}."), when=when_of(meeting, zone), channel=where)


def off_card(meeting: TeamMeeting, team: Team) -> Card:
    """The answer to who called a meeting off."""
    title = _("The meeting of {team} is called off", team=team.name)
    back = Button(_("Undo"), does=ON, value=f"m{meeting.id}")
    return say(title, Markdown(_("I also say so where the meeting was announced.")), Buttons((back,)))


def told_off(meeting: TeamMeeting, team: Team, zone: str) -> Card:
    """What is posted when a meeting is called off."""
    said = compose(
        _("The meeting of {team} on {when} is called off."), team=team.name, when=when_of(meeting, zone)
    )
    return say(words(said), Markdown(said))


def told_on(meeting: TeamMeeting, team: Team, zone: str) -> Card:
    """What is posted when it takes place after all."""
    said = compose(
        _("The meeting of {team} on {when} takes place after all."),
        team=team.name,
        when=when_of(meeting, zone),
    )
    return say(words(said), Markdown(said))


def told_moved(meeting: TeamMeeting, team: Team, zone: str) -> Card:
    """What is posted when it has another time."""
    said = compose(
        _("The meeting of {team} is moved. It is now on {when}."), team=team.name, when=when_of(meeting, zone)
    )
    return say(words(said), Markdown(said))


def lost_card(meeting: TeamMeeting, team: Team, zone: str, code: str) -> Card:
    """What the lead is told when the meeting could not be posted in its place, for a platform's reason."""
    said = compose(
        _("I could not post the meeting of {team} on {when}, so nothing is planned."),
        team=team.name, when=when_of(meeting, zone),
    )  # fmt: skip
    again = Markdown(_("When that is done, type `/team meet` there again."))
    return say(words(said), Markdown(said), Markdown(" ".join(reason(code))), again)
