"""The options of a discussion, from a command's values or a form's fields to a plan, each checked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.chat.mass_mentions import group_of
from bot.chat.menu import Option, OptionKind
from bot.chat.models import Place, Refusal, Role
from bot.chat.time.moment_parser import After, AtLocal, DaysAhead, WeekDay, When
from bot.chat.time.rules import Once, Rule
from bot.discussions.rule_input import REPEATS, spell
from bot.discussions.settings import TAGS, TEXT, TITLE, DiscussionSettings, Dry, Meeting
from bot.feature import Request
from bot.schedules.model import Approver, BreakPolicy

SHORTEST, LONGEST = timedelta(hours=1), timedelta(days=60)
"""How long a discussion may be open."""
NOTICE = timedelta(days=1)
"""How long before it goes out moderators are shown it, where it needs approval and nobody says."""
CARRIED = ("close", "tags")
"""Small options that a form with no room for them carries along."""

WHERE = Option("channel", "Where it happens", OptionKind.CHANNEL, required=True, positional=True)
WHEN = Option(
    "when", "When, like thu 16:00 or every thu 16:00", OptionKind.COMING, required=True, positional=True
)
MORE = (
    Option("close", "How long it stays open, like 6d", OptionKind.DURATION),
    Option("tags", "Tags of the forum post, with commas"),
    Option("approve", "Who approves each one before it goes out", OptionKind.CHOICE, choices=("moderator", "admin", "nobody")),
    Option("headsup", "How long before it goes out you are shown it", OptionKind.DURATION),
    Option("dry", "When no topic is left", OptionKind.CHOICE, choices=tuple(Dry)),
    Option("breaks", "In a break: leave out, on return, or anyway", OptionKind.CHOICE, choices=tuple(BreakPolicy)),
    Option("meets", "A meeting that belongs to it, like fri 15:00", OptionKind.WHEN),
    Option("lasts", "How long the meeting lasts", OptionKind.DURATION),
    Option("seats", "Seats of the meeting", OptionKind.NUMBER),
    Option("where", "Where the meeting is"),
    Option("pings", "A role or group to notify (an admin sets it)"),
)  # fmt: skip
SCHEDULE = (
    WHERE,
    WHEN,
    Option("title", "Its title, like Week {week}: {topic}", required=True),
    Option("repeat", "How often", OptionKind.CHOICE, choices=REPEATS),
    *MORE,
    Option("text", "The opening text", OptionKind.TEXT),
)


def plan_from(request: Request, values: Mapping[str, object], rule: Rule) -> DiscussionSettings:
    """The plan that these values describe. Raises `Refusal`."""
    title = str(values.get("title") or "").strip()
    text = str(values.get("text") or "").strip()
    if not title or len(title) > TITLE:
        raise Refusal(f"A title has 1 to {TITLE} characters.", "Shorten it.", request.line)
    if len(text) > TEXT:
        raise Refusal(f"The opening text has {len(text)} characters; {TEXT} fit.", "Shorten it.", text)
    carried = _carried(request.value)
    tags = values.get("tags") if "tags" in values else carried.get("tags")
    close = values.get("close") if "close" in values else carried.get("close")
    approve = role_of(values)
    heads_up = values.get("headsup")
    return DiscussionSettings(
        title=title,
        text=text,
        place=Place(request.place.space, str(values.get("channel") or "")),
        tags=tags_of(tags),
        pings=pings_of(request, values.get("pings")),
        close=close_of(close, request.line),
        approve=approve,
        heads_up=heads_up if isinstance(heads_up, timedelta) else (NOTICE if approve else None),
        dry=Dry(str(values.get("dry") or Dry.OPEN)),
        meeting=meeting_of(values, rule, request.line),
    )


def role_of(values: Mapping[str, object]) -> Approver | None:
    """Who approves; None: nobody has to."""
    word = str(values.get("approve") or "nobody")
    return None if word == "nobody" else Approver(word)


def tags_of(given: object) -> tuple[str, ...]:
    """Tags as they were written, with commas."""
    tags = tuple(one.strip() for one in str(given or "").split(",") if one.strip())
    if len(tags) > TAGS or any(len(one) > 50 for one in tags):
        raise Refusal(f"A post takes up to {TAGS} tags of 50 characters.", "Leave some out.")
    return tags


def close_of(given: object, line: str) -> timedelta | None:
    """How long it is open; None: until the next one."""
    if given is None:
        return None
    if not isinstance(given, timedelta) or not SHORTEST <= given <= LONGEST:
        raise Refusal("A discussion is open for at least an hour and at most 60 days.", "Try close:6d.", line)
    return given


def pings_of(request: Request, given: object) -> str:
    """The one role or group it may notify: an admin grants that by writing it."""
    if not given:
        return ""
    if request.role < Role.ADMIN:
        raise Refusal(
            "Only an admin can let a discussion notify a role or group.",
            "Plan it without `pings:`, and ask one of them for `/discuss edit d4 pings:@group`.",
            request.line,
        )
    if str(given).lower() in ("nobody", "none"):
        return ""
    found = group_of(str(given))
    if found is None:
        raise Refusal("That would call everybody at once.", "Name one role or group.", request.line)
    return found


def meeting_of(values: Mapping[str, object], rule: Rule, line: str) -> Meeting | None:
    """The meeting that these values describe, if any."""
    given = values.get("meets")
    if given is None:
        stray = [name for name in ("lasts", "seats", "where") if values.get(name) is not None]
        if stray:
            raise Refusal(f"`{stray[0]}:` belongs to a meeting.", 'Say when it is: meets:"fri 15:00".', line)
        return None
    when: When = given[0] if isinstance(given, tuple) else given  # type: ignore[assignment]
    if isinstance(when, AtLocal) and when.at is None:
        raise Refusal("At what time of day is the meeting?", 'Write it like meets:"fri 15:00".', line)
    relative = isinstance(when, After) or when.day is None or isinstance(when.day, WeekDay | DaysAhead)
    if not relative and not isinstance(rule, Once):
        raise Refusal(
            "A discussion that repeats needs a meeting that does.",
            'Count it from the thread: meets:"fri 15:00" or meets:"+2d 15:00".',
            line,
        )
    lasts, seats = values.get("lasts"), values.get("seats")
    minutes = lasts // timedelta(minutes=1) if isinstance(lasts, timedelta) else 60
    if not 5 <= minutes <= 24 * 60:
        raise Refusal("A meeting lasts from five minutes to a day.", "Try lasts:1h.", line)
    if seats is not None and not 1 <= int(str(seats)) <= 10_000:
        raise Refusal("A meeting has 1 to 10,000 seats.", "Leave out `seats:` where everybody fits.", line)
    place = " ".join(str(values.get("where") or "").split())[:100]
    return Meeting(spell(when), minutes, None if seats is None else int(str(seats)), place)


def rest_of(values: Mapping[str, object]) -> str:
    """The small options that a form has no field for, as its state."""
    close = values.get("close")
    parts = [f"close={close // timedelta(minutes=1)}"] if isinstance(close, timedelta) else []
    if values.get("tags"):
        parts.append(f"tags={str(values['tags'])[:50]}")
    return ";".join(parts)


def _carried(state: str) -> dict[str, object]:
    pairs = dict(part.split("=", 1) for part in state.split(";") if "=" in part)
    found: dict[str, object] = dict(pairs)
    if "close" in pairs:
        found["close"] = timedelta(minutes=int(pairs["close"]))
    return found
