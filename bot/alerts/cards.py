"""How trouble looks to moderators: what happened, why, and what to do about it."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.chat.cards import Block, Button, Buttons, Card, ChannelLink, Markdown, Moment, Note, Words, say
from bot.chat.models import Place

GONE = "The channel is gone, or I may not see it."
PICK = "Invite me there again, or give it another channel."
REASONS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (
        ("archived",),
        "The channel is archived.",
        "Take it out of the archive, or give it another channel.",
    ),
    (("not_in_channel",), "I am not in the channel.", "Invite me there."),
    (("not_found", "unknown_channel", "unknown channel", "10003"), GONE, PICK),
    (("missing_access", "missing access", "50001"), "I may not see the channel.", "Let me see it, or pick another."),
    (
        ("permission", "restricted", "50013", "forbidden", "read_only"),
        "I may not write in the channel.",
        "Give me the permission to write there, and to open threads.",
    ),
    (
        ("too_long", "invalid_blocks", "50035", "unreadable"),
        "The platform does not take the message as it is.",
        "Shorten it; if it is not long, tell whoever runs me.",
    ),
)  # fmt: skip
"""Parts of the platforms' words for why, with what that means and what helps. The first that fits counts."""

OTHERWISE = ("The platform refused it.", "Look at the settings of the channel, then try again.")


def place_key(place: Place) -> str:
    """The key of the trouble that something cannot be said in a place."""
    return f"place:{place.space}:{place.channel}"


def reason(code: str) -> tuple[str, str]:
    """What a platform's word for why means, and what helps."""
    for parts, problem, fix in REASONS:
        if any(part in code.lower() for part in parts):
            return problem, fix
    return OTHERWISE


def cannot_post(
    place: Place, what: Words, code: str, then: str = "", buttons: tuple[Button, ...] = ()
) -> Card:
    """Something could not be said. `what` names it, `then` says what I do about it."""
    problem, fix = reason(code)
    parts = (what,) if isinstance(what, str) else what
    blocks: list[Block] = [
        Markdown((*parts, " cannot be posted in ", ChannelLink(place.channel), f". {problem}")),
        Markdown(f"{fix} {then}".strip()),
    ]
    if buttons:
        blocks.append(Buttons(buttons))
    return say("I cannot post", *blocks, Note(f"The platform says: {code}. I tell this once."))


def would_fail(place: Place, what: str, code: str, due: datetime, zone: str) -> Card:
    """Something that is still to come could not be said now."""
    problem, fix = reason(code)
    return say(
        "Something that is due cannot be posted",
        Markdown(
            (f"{what} is due on ", Moment(due, zone), " in ", ChannelLink(place.channel), f". {problem}")
        ),
        Markdown(f"{fix} I look again until then."),
        Note(f"The platform says: {code}. I tell this once."),
    )


def works_again(place: Place) -> Card:
    """The trouble with a place is over."""
    return say("All is well again", Markdown(("I can post in ", ChannelLink(place.channel), " again.")))


def unsure(place: Place, what: str, row: int) -> Card:
    """Whether something was said cannot be seen; only a person can look."""
    return say(
        "I cannot see whether it was posted",
        Markdown(
            (
                f"{what}: the platform did not say whether it is in ", ChannelLink(place.channel),
                ", and I may not look. So I do not repeat it.",
            )
        ),
        Markdown("Please look. If it is not there, I post it when you say so."),
        Buttons(
            (
                Button("It is not there, post it", does="alerts.release", value=str(row), style="main"),
                Button("It is there", does="alerts.leave", value=str(row)),
            )
        ),
    )  # fmt: skip


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    place = Place("local:example", "c1")
    at = datetime.fromisoformat("2026-10-05T08:00:00+00:00")
    again = Button("Try again", does="prompt.again", value="s3")
    return (
        cannot_post(
            place, "The prompt *The quiet corner* (s3)", "is_archived", "I try again in an hour.", (again,)
        ),
        cannot_post(place, "The prompt *The quiet corner* (s3)", "teapot"),
        would_fail(place, "s3 weekly", "not_in_channel", at + timedelta(days=1), "Europe/Dublin"),
        works_again(place),
        unsure(place, "The prompt *The quiet corner*", 12),
    )
