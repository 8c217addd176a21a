"""What moderators are shown about prompts to come: as it will look, or why it waits, with what they can do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.chat.cards import Block, Button, Buttons, Card, ChannelLink, Markdown, Moment, Note, Words, say
from bot.reflections import cards
from bot.reflections.prompts.bank import BankedPrompt
from bot.reflections.schedule.settings import PromptScheduleSettings
from bot.schedules.model import Approver, SchedulePlace, Unapproved


def headsup_key(schedule_id: int, key: str) -> str:
    """The alert about one date of a schedule that is to come."""
    return f"headsup:{schedule_id}/{key}"


def late_key(schedule_id: int, key: str) -> str:
    """The alert about one date of a schedule that is too late to go out unasked."""
    return f"late:{schedule_id}/{key}"


def suspended_key(schedule_id: int) -> str:
    """The alert that a schedule posts nothing any more."""
    return f"suspended:s{schedule_id}"


def where_words(places: Sequence[SchedulePlace], *, direct: bool) -> Words:
    """The places of a schedule in a sentence."""
    parts: list[str | ChannelLink] = []
    for number, spot in enumerate(places):
        if number:
            parts.append(" and " if number == len(places) - 1 else ", ")
        parts.append(ChannelLink(spot.channel))
    return ("a direct message to everyone in ", *parts) if direct else tuple(parts)


def _joined(*parts: Words) -> Words:
    return tuple(one for part in parts for one in ((part,) if isinstance(part, str) else part))


def headsup_card(
    name: str, title: str, coming: BankedPrompt | None, terms: PromptScheduleSettings, due: datetime, zone: str, *,
    overdue: bool = False, approved: str = "",
) -> Card:  # fmt: skip
    """A prompt as it will look. `name` is its schedule and key; `approved` says who let it go out."""
    schedule = f"s{name.partition('/')[0]}"
    when = ("was due on " if overdue else "goes out on ", Moment(due, zone))
    head = _joined(f"**{schedule} {title}** ", when, " as ", where_words(terms.places, direct=True)) if terms.direct else (
        _joined(f"**{schedule} {title}** ", when, " in ", where_words(terms.places, direct=False))
    )  # fmt: skip
    blocks: list[Block] = [Markdown(_joined(head, "."))]
    if coming is None:
        blocks.append(Markdown("There is no prompt to ask: its decks are empty."))
    else:
        shown = cards.prompt_card(0, coming.prompt, due + terms.open_for, zone)
        blocks += [block for block in shown.blocks if not isinstance(block, Buttons)]
    blocks.append(Note(_standing(terms, overdue=overdue, approved=approved)))
    blocks.append(Buttons(_decisions(name, coming, terms, approved=approved, overdue=overdue)))
    return say("A prompt is coming" if not overdue else "A prompt waits for you", *blocks)


def _standing(terms: PromptScheduleSettings, *, overdue: bool, approved: str) -> str:
    if approved:
        return f"Approved by {approved}."
    if terms.approver is None:
        return "It goes out by itself."
    who = terms.approver.one
    if overdue:
        return f"It waits until {who} approves it."
    after = {
        Unapproved.WAIT: "Without that it waits.",
        Unapproved.SKIP: "Without that it is left out.",
        Unapproved.POST: "Without that it goes out all the same.",
    }[terms.unapproved]
    return f"It needs the word of {who}. {after}"


def _decisions(
    name: str, coming: BankedPrompt | None, terms: PromptScheduleSettings, *, approved: str, overdue: bool
) -> tuple[Button, ...]:
    buttons = []
    if terms.approver is not None and not approved:
        buttons.append(Button("Approve", does="prompt.approve", value=name, style="main"))
    if coming is not None:
        buttons.append(Button("Edit", opens="prompt.edit", value=f"p{coming.id}"))
        buttons.append(Button("Another prompt", does="prompt.another", value=name))
    buttons.append(Button("Leave it out" if overdue else "Skip", does="prompt.leave", value=name))
    return tuple(buttons)


def over_card(schedule_id: int, title: str, said: str) -> Card:
    """What was shown is settled."""
    return say("Settled", Markdown(f"**s{schedule_id} {title}**: {said}"))


def left_out_card(name: str, title: str, occurrence_id: int, who: str) -> Card:
    """A date was left out; undoing it is one click."""
    return say(
        "Left out",
        Markdown(f"**s{name.partition('/')[0]} {title}**: {who} left this one out (o{occurrence_id})."),
        Buttons((Button("Undo", does="prompt.unskip", value=f"o{occurrence_id}"),)),
    )


def late_card(schedule_id: int, title: str, occurrence_id: int, due: datetime, zone: str) -> Card:
    """A prompt that came due while the bot was away, for too long to go out unasked."""
    value = f"o{occurrence_id}"
    return say(
        "A prompt is late",
        Markdown((f"**s{schedule_id} {title}** was due on ", Moment(due, zone), ", while I was away. What shall I do?")),
        Buttons(
            (
                Button("Post it now", does="prompt.post", value=value, style="main"),
                Button("Skip it", does="prompt.skip", value=value),
            )
        ),
    )  # fmt: skip


def suspended_card(schedule_id: int, title: str, spot: SchedulePlace, code: str, *, whole: bool) -> Card:
    """What could not be posted several times is tried no more until somebody says so."""
    from bot.alerts.cards import reason  # the words for why live there

    problem, fix = reason(code)
    rest = "I post nothing of it" if whole else "The other places go on; I post nothing there"
    return say(
        "A schedule is suspended",
        Markdown((f"**s{schedule_id} {title}** could not be posted in ", ChannelLink(spot.channel), f". {problem} {fix}")),
        Markdown(f"{rest} until you press Resume, or write `/prompt resume s{schedule_id}`."),
        Buttons((Button("Resume", does="prompt.resume", value=f"s{schedule_id}", style="main"),)),
        Note(f"The platform says: {code}."),
    )  # fmt: skip


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    from datetime import timedelta

    from bot.reflections.examples import ASKED, PROMPT  # examples only

    here = SchedulePlace("local:example", "c1")
    plain, strict = (
        PromptScheduleSettings((here,), ("weekly",), headsup=timedelta(hours=2)),
        PromptScheduleSettings((here,), ("weekly",), approver=Approver.ADMIN),
    )
    one, at = BankedPrompt(12, "weekly", PROMPT), ASKED.opened_at
    return (
        headsup_card("3/2026-W41", "weekly", one, plain, at, "Europe/Dublin"),
        headsup_card("3/2026-W41", "weekly", one, strict, at, "Europe/Dublin"),
        headsup_card("3/2026-W41", "weekly", None, strict, at, "Europe/Dublin", overdue=True),
        headsup_card("3/2026-W41", "weekly", one, strict, at, "Europe/Dublin", approved="Ida Vale"),
        over_card(3, "weekly", "It has gone out."),
        left_out_card("3/2026-W41", "weekly", 57, "Mo Hale"),
        late_card(3, "weekly", 57, at, "Europe/Dublin"),
        suspended_card(3, "weekly", here, "is_archived", whole=True),
        suspended_card(3, "weekly", here, "teapot", whole=False),
    )
