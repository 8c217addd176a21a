"""The cards of check-ins: what is asked, what was said, and what a lead or a team reads of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.chat import talk_cards
from bot.chat.cards import Block, Button, Buttons, Card, Facts, Heading, Markdown, Note, Quote, say
from bot.chat.language import _, format_day, format_list, ngettext
from bot.chat.short_text import shorten
from bot.team_plans.cards import UNDO
from bot.team_plans.check_ins.statements import name_state
from bot.team_plans.labels import ACTS
from bot.team_plans.model import CheckState, PlanEntry, PlanPart, PlanSheet, TeamPlan
from bot.team_plans.page import see_button, sheet_button
from bot.team_plans.sheets import WRITE, field_rows

DONE, STUCK, PRIVATE = "check.done", "check.stuck", "check.private"
MOVE, LINE, TELL = "check.move", "check.line", "check.tell"
ABOUT, SAY = "check.about", "check.say"
"""What held words are about, and what they say of it."""


@dataclass(frozen=True, slots=True)
class AskedItem:
    """One thing that somebody is asked about: what they do, or, after so many `weeks`, a look at a change.

    `owned`: they do it; else nobody does, and they lead the team.
    """

    question_id: int
    plan: TeamPlan
    entry: PlanEntry
    weeks: str = ""
    owned: bool = True


# ── asking ────────────────────────────────────────────────────────────────────


def question_card(items: Sequence[AskedItem], sentence: str) -> Card:
    """What somebody is asked on a day, all of it at once; what every reminder has is added by `bot.reminders`."""
    title = _("How is it going?")
    blocks: list[Block] = [Heading(title), Markdown(sentence)]
    for one in items:
        blocks += _look_blocks(one) if one.weeks else _item_blocks(one)
    if not all(one.weeks for one in items):
        blocks.append(Note(_("You can also write back: “done”, a new date, or “stuck” and why.")))
    return say(title, *blocks)


def _item_blocks(one: AskedItem) -> list[Block]:
    plan, entry = one.plan, one.entry
    changes = entry.part is PlanPart.CHANGE
    label, when = (_("The change"), _("From when")) if changes else (_("Next step"), _("By when"))
    rows = [(_("Team"), plan.team), (label, shorten(entry.text("what"), 200))]
    if entry.day is not None:
        rows.append((when, format_day(entry.day)))
    buttons = list(answer_buttons(one))
    blocks: list[Block] = [Facts(tuple(rows))]
    if not one.owned:
        blocks.append(Markdown(_("Nobody in your team does this now.")))
        sheet = PlanSheet(entry.part.value)
        buttons.append(sheet_button(plan, sheet, entry, label=_("Say who does it")))
    return [*blocks, Buttons(tuple(buttons))]


def answer_buttons(one: AskedItem) -> tuple[Button, ...]:
    """The three ways to say how it goes."""
    value = f"q{one.question_id}"
    return (
        Button(name_state(CheckState.DONE, one.entry.part), does=DONE, value=value, style="main"),
        Button(_("Moving"), opens=MOVE, value=value),
        Button(_("Stuck"), does=STUCK, value=value),
    )


def _look_blocks(one: AskedItem) -> list[Block]:
    rows = [(_("Team"), one.plan.team), *look_facts(one.plan, one.entry)]
    return [
        Markdown(ask_for_look(one.weeks)), Facts(tuple(rows)), Buttons((look_button(one.plan, one.entry, one.weeks),)),
    ]  # fmt: skip


def ask_for_look(weeks: str) -> str:
    """The question of a look."""
    if weeks == "2":
        return _("The change has run for two weeks. What happened, beside what you predicted?")
    return _("The change has run for six weeks. What happened, beside what you predicted?")


def look_facts(plan: TeamPlan, change: PlanEntry) -> list[tuple[str, str]]:
    """A change with its measure and what the team predicted."""
    rows = [(_("The change"), shorten(change.text("what"), 200))]
    rows += [(label, shorten(said, 200)) for label, said in field_rows(plan, PlanSheet.MEASURE, change, {})]
    return rows


def look_button(plan: TeamPlan, change: PlanEntry, weeks: str) -> Button:
    """The button that opens the form of one look, whenever it is pressed."""
    value = f"{PlanSheet.LOOK.value}/t{plan.team_id}/a{change.id}/w{weeks}"
    return Button(_(ACTS[PlanSheet.LOOK]), opens=WRITE, value=value, style="main")


def look_card(plan: TeamPlan, change: PlanEntry, weeks: str) -> Card:
    """What is posted in a team's place on the day of a look."""
    title = _("Look at the change: {team}", team=plan.team)
    after = _("You keep the change, change it, or drop it. Anybody in the team can write it down.")
    return say(
        title, Heading(title), Markdown(ask_for_look(weeks)), Facts(tuple(look_facts(plan, change))), Markdown(after),
        Buttons((look_button(plan, change, weeks), see_button(plan))),
    )  # fmt: skip


def ask_how_card(item: AskedItem, held: int) -> Card:
    """The question what words that are held say about something."""
    state = f"h{held}/q{item.question_id}"
    question = _("How does it go with {what}? Your words become the line beside it.", what=name_item(item))
    ways = (
        Button(
            name_state(CheckState.DONE, item.entry.part), does=SAY, value=f"{state}/{CheckState.DONE.value}"
        ),
        Button(_("Moving"), opens=MOVE, value=f"q{item.question_id}/h{held}"),
        Button(_("Stuck"), does=SAY, value=f"{state}/{CheckState.STUCK.value}"),
    )
    return talk_cards.ask_card(question, ways, Button(_("No"), does=talk_cards.DROP, value=f"h{held}"))


# ── what was said ─────────────────────────────────────────────────────────────


def done_card(item: AskedItem, undo: int, line: str = "") -> Card:
    """The answer to "Done", with the line that stands beside it."""
    plan, entry = item.plan, item.entry
    state = name_state(CheckState.DONE, entry.part)
    words = _("**{state}**: {what}. Your team reads it in the plan.", state=state, what=_named(entry))
    add = _("Edit the line") if line else _("Add a line")
    ways = [Button(add, opens=LINE, value=f"q{item.question_id}"), see_button(plan)]
    if undo:
        ways.append(Button(_("Undo"), does=UNDO, value=f"t{plan.team_id}/e{entry.id}/{undo}"))
    return say(state, Markdown(words), *((Quote(line),) if line else ()), Buttons(tuple(ways)))


def moved_card(item: AskedItem, day: date) -> Card:
    """The answer to a new date."""
    words = _(
        "The new date of {what} is {day}. Your team reads it in the plan, and I ask you again then.",
        what=_named(item.entry), day=format_day(day),
    )  # fmt: skip
    other = Button(_("Choose another date"), opens=MOVE, value=f"q{item.question_id}")
    return say(_("Moving"), Markdown(words), Buttons((other, see_button(item.plan))))


def stuck_card(item: AskedItem, leads: Sequence[str], told: Sequence[str] = (), line: str = "") -> Card:
    """The answer to "Stuck": nobody knows yet, unless they were `told` before, and who may is theirs to say."""
    value, title = f"q{item.question_id}", _("Stuck")
    said = _("You are stuck with {what}. I have told nobody.", what=_named(item.entry))
    if told:
        said = _(
            "You are stuck with {what}. The plan does not say so now. I told {leads} before.",
            what=_named(item.entry), leads=format_list(told),
        )  # fmt: skip
    if leads:
        ask = ngettext(
            "May {leads}, who leads the team, know?", "May {leads}, who lead the team, know?", len(leads),
            leads=format_list(leads),
        )  # fmt: skip
    else:
        ask = _("Nobody else leads the team. Your team can read it in the plan.")
    ways = (
        Button(tell_label(len(leads)), opens=TELL, value=value, style="main"),
        Button(_("Keep it to myself"), does=PRIVATE, value=value),
        _date_button(value),
    )
    quote = (Quote(line),) if line else ()
    return say(title, Markdown(f"**{title}**"), Markdown(said), *quote, Markdown(ask), Buttons(ways))


def tell_label(leads: int) -> str:
    """What the button says that lets others know, by how many lead the team."""
    return ngettext("Tell the lead", "Tell the leads", leads) if leads else _("Show my team")


def _date_button(value: str) -> Button:
    return Button(_("Choose a new date"), opens=MOVE, value=value)


def told_card(
    item: AskedItem, leads: Sequence[str], told: Sequence[str], unreached: Sequence[str], line: str
) -> Card:
    """The answer to "Tell the lead": who hears of it, how, and what they read; some were `told` already."""
    value, title = f"q{item.question_id}", _("Stuck")
    said = [_("It is in the plan now, where your team can read it.")]
    if leads:
        said.append(_("I also write to {leads} in their working hours.", leads=format_list(leads)))
    if told:
        said.append(_("I have told {leads}.", leads=format_list(told)))
    if unreached:
        said.append(
            _("I can’t write to {leads}. You may want to tell them yourself.", leads=format_list(unreached))
        )
    quote = (Quote(line),) if line else ()
    ways = (
        Button(_("Keep it to myself"), does=PRIVATE, value=value), _date_button(value), see_button(item.plan),
    )  # fmt: skip
    return say(
        title, Markdown(f"**{title}: {_named(item.entry)}**"), *quote, Markdown(" ".join(said)), Buttons(ways)
    )


def kept_card(item: AskedItem, told: Sequence[str], leads: int) -> Card:
    """The answer to "Keep it to myself"; some were `told` before. `leads`: how many could be."""
    value, title = f"q{item.question_id}", _("Only you know")
    said = _("It stays with you: it is not in the plan, and I tell nobody in your team.")
    if told:
        title = _("No longer in the plan")
        said = _("It is no longer in the plan. I had already told {leads}.", leads=format_list(told))
    ways = (Button(tell_label(leads), opens=TELL, value=value), _date_button(value))
    return say(title, Markdown(f"**{title}**"), Markdown(said), Buttons(ways))


def line_card(item: AskedItem) -> Card:
    """The answer to a line."""
    words = _("Your line is in the plan of **{team}**.", team=item.plan.team)
    return say(words.replace("*", ""), Markdown(words), Buttons((see_button(item.plan),)))


def stuck_notice_card(plan: TeamPlan, entry: PlanEntry, who: str, line: str) -> Card:
    """What a lead reads when somebody is stuck and wants them to know."""
    title = _("{name} is stuck", name=who or _("Somebody in your team"))
    rows = [(_("Team"), plan.team), (_("With"), shorten(entry.text("what"), 200))]
    if entry.day is not None:
        rows.append((_("Date"), format_day(entry.day)))
    quote = (Quote(line, who or None),) if line else ()
    ask = _("They wanted you to know. Ask them what would help, or change the plan.")
    ways = (
        see_button(plan),
        sheet_button(plan, PlanSheet(entry.part.value), entry, label=_("Change who or when")),
    )
    return say(title, Heading(title), Facts(tuple(rows)), *quote, Markdown(ask), Buttons(ways))


def name_item(item: AskedItem, most: int = 120) -> str:
    """What somebody is asked about, in quotes."""
    return _named(item.entry, most)


def _named(entry: PlanEntry, most: int = 120) -> str:
    return _("“{what}”", what=shorten(entry.text("what").rstrip("."), most))
