"""The card of `/tilth setup`, step by step, and the forms of its steps."""

from __future__ import annotations

from datetime import date

from bot.admin.setup_facts import SetupState
from bot.chat.cards import (
    Block,
    Button,
    Buttons,
    Card,
    ChannelLink,
    Facts,
    Heading,
    Markdown,
    Note,
    Progress,
    Select,
    Words,
    compose,
    say,
)
from bot.chat.forms import Choice, Form, Hint, LongText, Pick, ShortText
from bot.chat.language import N_, _, ngettext
from bot.chat.models import Place
from bot.chat.setup_steps import DANGER, NAME, STEPS, SetupStep, text_of
from bot.people.tables import Community

SEE, PASS, CLEAR = "tilth.setup.see", "tilth.setup.pass", "tilth.setup.clear"
HOME, YEAR, TEXT = "tilth.setup.home", "tilth.setup.year", "tilth.setup.danger"
MODERATORS, ALERTS = "tilth.setup.moderators", "tilth.setup.alerts"
OPENS = {
    SetupStep.HOME: (HOME, N_("Set name and time zone")),
    SetupStep.YEAR: (YEAR, N_("Set the school year")),
    SetupStep.DANGER: (TEXT, N_("Say who to call")),
    SetupStep.MODERATORS: (MODERATORS, N_("Choose a moderator")),
    SetupStep.ALERTS: (ALERTS, N_("Choose where")),
    SetupStep.PROMPT: ("prompt.new", N_("Plan the first prompt")),
}
"""The form of each step, and the button that opens it."""
TITLE = N_("Set up Tilth")
CITY, COUNTRY, DAYS = "Denver", "US", "aug 17 to jun 4"
"""What is typed, the same in every language."""
LANGUAGE_NAMES = {"en": N_("English"), "es": N_("Spanish")}


def setup_card(
    state: SetupState, step: SetupStep | None = None, said: str = "", *, replaces: bool = True
) -> Card:
    """How far setting up is, and one step of it: the one that was chosen, else the next. `said`: what was just done."""
    now = step or state.next_step
    rows = tuple((_(one.title), _state_words(state, one.step)) for one in state.steps)
    blocks: list[Block] = [Heading(_(TITLE))]
    if said:
        blocks.append(Markdown(said))
    blocks += [Progress(_("Steps done"), _count(state), len(state.steps)), Facts(rows)]
    if now is None:
        blocks.append(Markdown(_("Every step is done. You can change each of them at any time.")))
    else:
        blocks += _step_blocks(state, now)
    others = tuple((one.step.value, _(one.title)) for one in state.steps)
    blocks.append(Select(_("Go to a step"), does=SEE, options=others, chosen=now.value if now else ""))
    blocks.append(
        Note(
            _("You can leave at any time: /tilth setup continues here. /tilth audit shows who changed what.")
        )
    )
    return Card(_(TITLE), tuple(blocks), replaces=replaces)


def _count(state: SetupState) -> int:
    """How many steps are done."""
    return sum(one.step in state.done for one in state.steps)


def _step_blocks(state: SetupState, step: SetupStep) -> list[Block]:
    about, (form, label) = text_of(step), OPENS[step]
    buttons = [Button(_(label), opens=form, style="main")]
    if step is SetupStep.MODERATORS and state.named:
        buttons.append(Button(_("Remove those chosen here"), does=CLEAR))
    if step not in state.done:
        buttons.append(Button(_("Leave it as it is"), does=PASS, value=step.value))
    return [Markdown(f"**{_(about.title)}**\n{_(about.why)}"), Buttons(tuple(buttons))]


def _state_words(state: SetupState, step: SetupStep) -> Words:
    words = _now(state, step)
    if step not in state.done:
        return compose(_("Not done yet. Now: {now}"), now=words)
    return compose(_("Done. {now}"), now=words)


def _now(state: SetupState, step: SetupStep) -> Words:
    """What holds now."""
    home = state.home
    match step:
        case SetupStep.HOME:
            return f"{home.name}, {home.zone}, {_(LANGUAGE_NAMES[home.language])}, {home.country}"
        case SetupStep.YEAR:
            return _("there is a calendar") if state.calendar else _("no calendar")
        case SetupStep.DANGER:
            return _("your own text") if state.own_danger else _("the standard text, with US numbers")
        case SetupStep.MODERATORS:
            return ngettext("{count} person is known", "{count} people are known", state.moderators)
        case SetupStep.ALERTS if state.alerts is not None:
            return (ChannelLink(state.alerts.channel),)
        case SetupStep.ALERTS:
            return _("by direct message to each moderator")
        case SetupStep.PROMPT:
            return (
                ngettext("{count} schedule", "{count} schedules", state.schedules)
                if state.schedules
                else _("nothing is planned")
            )


def home_blocks(state: SetupState) -> tuple[Block, ...]:
    """What an admin finds on the bot's own page until every step is done."""
    if state.next_step is None:
        return ()
    words = _(
        "{done} of {all} steps are done. Next: {step}.",
        done=_count(state),
        all=len(state.steps),
        step=_(text_of(state.next_step).title),
    )
    return (
        Heading(_(TITLE)), Markdown(words), Buttons((Button(_("Go on"), does=SEE, value=state.next_step.value, style="main"),)),
    )  # fmt: skip


# ── forms ─────────────────────────────────────────────────────────────────────


def home_form(home: Community) -> Form:
    """Name, zone, language and country."""
    return Form(
        HOME, _("Community"),
        (
            ShortText("name", _("What members call it"), value=home.name[:NAME], limit=NAME),
            ShortText("zone", _("Time zone, or a city"), CITY, value=home.zone, limit=60),
            Choice("language", _("Language of posts to everybody"), tuple((code, _(name)) for code, name in LANGUAGE_NAMES.items()),
                   value=home.language),
            ShortText("country", _("Country, two letters"), COUNTRY, value=home.country, limit=2),
        ),
    )  # fmt: skip


def year_form(first: date, last: date, country: str, *, breaks: bool = True) -> Form:
    """First and last day of school, and whether the usual breaks count."""
    days = ShortText(
        "days",
        _("First and last day of school"),
        DAYS,
        value=f"{first.isoformat()} to {last.isoformat()}",
        limit=60,
    )
    hint = Hint(
        _(
            "Nothing is posted on public holidays ({country}). Nothing is posted between your last day of school and the first day of the next year.",
            country=country,
        )
    )
    if country != "US":
        return Form(YEAR, _("School year"), (hint, days))
    options = (
        ("yes", _("Yes: Thanksgiving, winter and spring")),
        ("no", _("No, I add our own with /tilth calendar")),
    )
    return Form(
        YEAR,
        _("School year"),
        (
            hint,
            days,
            Choice("breaks", _("Add the usual US breaks?"), options, value="yes" if breaks else "no"),
        ),
    )


def danger_form(text: str) -> Form:
    """The text of who to call."""
    return Form(
        TEXT, _("If somebody is in danger"),
        (
            Hint(_("This is shown at once, to that person alone. Tilth tells nobody else. Leave it empty for the standard text.")),
            LongText("text", _("Who to call"), _("Our counselors: extension 4…"), required=False, value=text[:DANGER], limit=DANGER),
        ),
    )  # fmt: skip


def moderators_form() -> Form:
    """A person, or a role or group."""
    return Form(
        MODERATORS, _("Moderators"),
        (
            Hint(_("Whoever you choose can plan, change and hide posts from now on. Admins always can.")),
            Pick("person", _("A person"), "member", required=False),
            Pick("group", _("A role or user group"), "group", required=False),
        ),
    )  # fmt: skip


def alerts_form(place: Place | None) -> Form:
    """A channel, or none."""
    channel = Pick(
        "channel",
        _("A private channel of moderators"),
        "channel",
        required=False,
        value=place.channel if place else "",
    )
    return Form(
        ALERTS, _("Alerts"), (Hint(_("Leave it empty to tell each moderator by direct message.")), channel)
    )


def examples() -> tuple[Card, ...]:
    """Every card of this module."""
    home = Community(1, "home", "Prairie Schools", "America/Chicago")
    fresh = SetupState(home, STEPS, frozenset(), False, False, 0, 0, None, 0)
    half = SetupState(
        home, STEPS, frozenset({SetupStep.HOME, SetupStep.YEAR, SetupStep.DANGER}), True, True, 3, 1, None, 0,
    )  # fmt: skip
    whole = SetupState(home, STEPS, frozenset(SetupStep), True, False, 3, 1, Place("local:example", "c2"), 2)
    return (
        setup_card(fresh, replaces=False), setup_card(half, SetupStep.MODERATORS, _("Saved.")), setup_card(whole),
        say(_(TITLE), *home_blocks(half)),
    )  # fmt: skip
