"""The options that every kind of scheduled post takes, and what they say as columns of its schedule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot.chat.language import N_, _, ngettext
from bot.chat.mass_mentions import NO_GROUP, UnknownGroup, group_of
from bot.chat.menu import Option, OptionKind
from bot.chat.models import Refusal, Role, role_refusal
from bot.chat.parsing.command_line import read_option
from bot.feature import Request
from bot.schedules.edits import PostColumns, TimeColumns
from bot.schedules.model import Approver, BreakPolicy, CatchUp, Schedule, SchedulePlace, Unapproved

LONGEST_HEADSUP = timedelta(days=14)
"""How long before a post moderators can see it."""
SHORTEST_OPEN, LONGEST_OPEN = timedelta(hours=1), timedelta(days=60)
"""How long a post may stay open."""
ONCE_OPEN = timedelta(days=7)
"""How long a post that comes once stays open, where nobody says and no next one closes it."""
TAGS = 5
"""Tags of one forum post (Discord's limit)."""
APPROVE = {"no": None, "moderator": Approver.MODERATOR, "admin": Approver.ADMIN}
LATE = {"post": CatchUp.LATEST, "skip": CatchUp.SKIP, "ask": CatchUp.ASK}
REPEATS = {
    "once": N_("Once"),
    "weekly": N_("Weekly"),
    "every-2-weeks": N_("Every 2 weeks"),
    "monthly": N_("Monthly"),
}
"""How often, as it is written, with what a form says."""

CHANNEL = Option("channel", N_("Where it is posted"), OptionKind.CHANNEL, required=True, positional=True)
WHEN = Option(
    "when", N_("When, like every mon 9am, or thu 4pm"), OptionKind.COMING, required=True, positional=True
)
REPEAT = Option(
    "repeat", N_("How often, from that time on"), OptionKind.CHOICE, choices=tuple(REPEATS),
    former_choices=(("fortnightly", "every-2-weeks"),),
)  # fmt: skip
POST_OPTIONS = (
    Option("closes", N_("How long it stays open, like 4d"), OptionKind.DURATION, formerly=("close",)),
    Option("headsup", N_("Show it to moderators so long before, up to 14 days"), OptionKind.DURATION),
    Option(
        "approve", N_("Whose approval it needs each time"), OptionKind.CHOICE, choices=tuple(APPROVE),
        former_choices=(("nobody", "no"), ("facilitator", "moderator"), ("facilitators", "moderator")),
    ),
    Option("unapproved", N_("Without that approval"), OptionKind.CHOICE, choices=tuple(one.value for one in Unapproved)),
    Option("late", N_("When the bot was away too long"), OptionKind.CHOICE, choices=tuple(LATE)),
    Option("breaks", N_("In breaks"), OptionKind.CHOICE, choices=tuple(one.value for one in BreakPolicy)),
    Option("pings", N_("A role or group to notify; only an admin can allow it")),
    Option("tags", N_("Tags of a forum post, with commas")),
)  # fmt: skip
"""What can be said of a post of any kind, at first and in an edit."""


def read_columns(values: Mapping[str, object], request: Request) -> PostColumns:
    """What these options say of posts; what was not given is left out. Raises `Refusal`."""
    found: PostColumns = {}
    if "closes" in values:
        found["open_minutes"] = _minutes(read_open(values["closes"], request.line))
    if "headsup" in values:
        found["headsup_minutes"] = _minutes(_read_headsup(values["headsup"], request.line))
    if values.get("approve"):
        found["approver"] = APPROVE[str(values["approve"])]
    if values.get("unapproved"):
        found["unapproved"] = Unapproved(str(values["unapproved"]))
    return found


def columns_of(schedule: Schedule) -> PostColumns:
    """What a schedule says of its posts, to make another like it."""
    return {
        "direct": schedule.direct, "open_minutes": schedule.open_minutes, "headsup_minutes": schedule.headsup_minutes,
        "approver": schedule.approver, "unapproved": schedule.unapproved,
    }  # fmt: skip


def read_policies(values: Mapping[str, object]) -> TimeColumns:
    """What these options say of breaks and of being late."""
    found: TimeColumns = {}
    if values.get("late"):
        found["catch_up"] = LATE[str(values["late"])]
    if values.get("breaks"):
        found["break_policy"] = BreakPolicy(str(values["breaks"]))
    return found


def read_open(length: object, line: str) -> timedelta | None:
    """How long a post stays open; None: until the next one."""
    if length is None:
        return None
    if not isinstance(length, timedelta) or not SHORTEST_OPEN <= length <= LONGEST_OPEN:
        raise Refusal(_("It stays open for at least an hour and at most 60 days."), _("Try closes:4d."), line)
    return length


def _read_headsup(length: object, line: str) -> timedelta | None:
    if length is None:
        return None
    if not isinstance(length, timedelta) or not timedelta(minutes=5) <= length <= LONGEST_HEADSUP:
        raise Refusal(_("I can show a post from five minutes to 14 days before."), _("Try headsup:2h."), line)
    return length


def read_tags(given: object) -> list[str]:
    """Tags of a forum post as they were written, with commas."""
    tags = [one.strip() for one in str(given or "").split(",") if one.strip()]
    if len(tags) > TAGS or any(len(one) > 50 for one in tags):
        raise Refusal(_("A post takes up to {most} tags of 50 characters.", most=TAGS), _("Leave some out."))
    return tags


def read_pings(given: object, request: Request) -> str:
    """The one role or group that a schedule may notify: an admin grants that by writing it."""
    if not given:
        return ""
    if request.role < Role.ADMIN:
        raise role_refusal(Role.ADMIN)
    if str(given).lower() in NO_GROUP:
        return ""
    if isinstance(given, UnknownGroup):
        raise Refusal(
            _("I know no group called @{name} here.", name=given.name),
            _("Type @ and pick the group from the list that opens, as in `/prompt pings s3 @teachers`."),
            request.line,
        )
    group = group_of(str(given))
    if group is None:
        raise Refusal(
            _("A schedule can notify one group, but never everybody."),
            _("Name a role or group: pings:@teachers."),
            request.line,
        )
    return group


def read_places(values: Mapping[str, object], request: Request) -> tuple[SchedulePlace, ...]:
    """The channels that were named, in the space where it was written."""
    pings = read_pings(values.get("pings"), request)
    channels = dict.fromkeys(str(values[name]) for name in ("channel", "also") if values.get(name))
    return tuple(SchedulePlace(request.place.space, channel, pings) for channel in channels)


def changed_places(
    schedule: Schedule, values: Mapping[str, object], request: Request
) -> tuple[SchedulePlace, ...]:
    """The places of a schedule with the channel and the pings that were named, in the space where it was written."""
    here = request.place.space
    places = schedule.places
    if values.get("channel"):
        mine = [one for one in places if one.space == here]
        if len(mine) != 1 and len(places) > 1:
            raise Refusal(
                _("{schedule} posts in several places.", schedule=schedule.name),
                _("Say which ones with `place`."),
                request.line,
            )
        old = (mine or list(places))[0]
        new = SchedulePlace(here, str(values["channel"]), old.pings if old.space == here else "")
        places = tuple(new if one == old else one for one in places)
    if "pings" in values:
        pings = read_pings(values["pings"], request)
        places = tuple(replace(one, pings=pings) if one.space == here else one for one in places)
    return places


def read_times(
    given: Mapping[str, object], wanted: tuple[tuple[str, OptionKind], ...]
) -> tuple[dict[str, object], dict[str, str]]:
    """Form values with the phrases of time in them read as a command would read them, and errors by field."""
    values, errors = dict(given), {}
    for name, kind in wanted:
        if not values.get(name):
            continue
        try:
            values[name] = read_option(Option(name, "", kind), str(values[name]))
        except Refusal as refusal:
            errors[name] = f"{refusal.problem} {refusal.fix}".strip()
    return values, errors


def length_words(length: timedelta) -> str:
    """A length of time in words: "4 days", "1 day 6 hours", "30 minutes"."""
    minutes = length // timedelta(minutes=1)
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    said = (
        ngettext("{count} day", "{count} days", days) if days else "",
        ngettext("{count} hour", "{count} hours", hours) if hours else "",
        ngettext("{count} minute", "{count} minutes", rest) if rest or not minutes else "",
    )
    return " ".join(filter(None, said))


def write_length(length: timedelta | None) -> str:
    """A length of time as a form takes it back: "4d", "1d6h", "30m"; nothing for none."""
    minutes = length // timedelta(minutes=1) if length is not None else 0
    parts = ((minutes // 1440, "d"), (minutes % 1440 // 60, "h"), (minutes % 60, "m"))
    return "".join(f"{number}{unit}" for number, unit in parts if number)


def _minutes(length: timedelta | None) -> int | None:
    return None if length is None else length // timedelta(minutes=1)
