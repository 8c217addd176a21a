"""How trouble looks to moderators: what happened, why, and what to do about it."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.chat.cards import (
    Block,
    Button,
    Buttons,
    Card,
    ChannelLink,
    Markdown,
    Moment,
    Note,
    Words,
    compose,
    say,
)
from bot.chat.language import N_, _
from bot.chat.models import Place

GONE = N_("The channel was deleted, or Tilth can’t see it.")
PICK = N_("Invite Tilth to it again, or choose another channel.")
REASONS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("archived",), N_("The channel is archived."), N_("Unarchive it, or choose another channel.")),
    (("not_in_channel",), N_("Tilth is not in the channel."), N_("Invite Tilth to it, or choose another channel.")),
    (("not_found", "unknown_channel", "unknown channel", "10003"), GONE, PICK),
    (
        ("missing_access", "missing access", "50001"),
        N_("Tilth can’t see the channel."),
        N_("Let Tilth view it, or choose another channel."),
    ),
    (
        ("permission", "restricted", "50013", "forbidden", "read_only"),
        N_("Tilth may not write in the channel."),
        N_("Let Tilth send messages and create threads there, or choose another channel."),
    ),
    (
        ("too_long", "invalid_blocks", "50035", "unreadable"),
        N_("The message is not accepted as it is."),
        N_("Make it shorter. If it is short, tell your Tilth admin."),
    ),
)  # fmt: skip
"""Parts of the platforms' words for why, with what that means and what helps. The first that fits counts."""

OTHERWISE = (N_("The message was refused."), N_("Check the settings of the channel, then try again."))


def place_key(place: Place) -> str:
    """The key of the trouble that something cannot be said in a place."""
    return f"place:{place.space}:{place.channel}"


def reason(code: str) -> tuple[str, str]:
    """What a platform's word for why means, and what helps."""
    for parts, problem, fix in REASONS:
        if any(part in code.lower() for part in parts):
            return _(problem), _(fix)
    return _(OTHERWISE[0]), _(OTHERWISE[1])


def code_note(code: str) -> Note:
    """The platform's own word, for whoever looks it up."""
    return Note(_("Error code: {code}. You get this message once.", code=code))


def other_channel_button(noun: str, schedule: str, place: Place) -> Button:
    """Opens the list of channels, to take another one in the place of this."""
    return Button(_("Choose another channel"), opens=f"{noun}.place", value=f"{schedule}|{place.channel}")


def cannot_post(lead: Words, code: str, then: Words = "", buttons: tuple[Button, ...] = ()) -> Card:
    """Something could not be posted. `lead` says what and where, `then` what the bot does about it."""
    blocks: list[Block] = [Markdown(lead), Markdown(" ".join(reason(code)))]
    if then:
        blocks.append(Markdown(then))
    if buttons:
        blocks.append(Buttons(buttons))
    return say(_("A post failed"), *blocks, code_note(code))


def would_fail(
    place: Place, schedule: tuple[str, str], code: str, due: datetime, zone: str, buttons: tuple[Button, ...] = ()
) -> Card:  # fmt: skip
    """Something that is still to come could not be said now. `schedule` is its name and title."""
    name, title = schedule
    lead = compose(
        _("**{name} {title}** is due on {when} in {channel}. It can’t be posted there now."),
        name=name, title=title, when=Moment(due, zone), channel=ChannelLink(place.channel),
    )  # fmt: skip
    return say(
        _("A post that is due soon will fail"),
        Markdown(lead),
        Markdown(" ".join((*reason(code), _("Tilth checks again before it is due.")))),
        *((Buttons(buttons),) if buttons else ()),
        code_note(code),
    )


def works_again(place: Place) -> Card:
    """The trouble with a place is over."""
    return say(
        _("Fixed"),
        Markdown(compose(_("I can post in {channel} again."), channel=ChannelLink(place.channel))),
    )


def unsure(place: Place, what: str, row: int) -> Card:
    """Whether something was said cannot be seen; only a person can look."""
    lead = compose(
        _("{post}: the platform did not say whether it is in {channel}, and I can’t look. So I did not repeat it."),
        post=what, channel=ChannelLink(place.channel),
    )  # fmt: skip
    return say(
        _("Was this posted?"),
        Markdown(lead),
        Markdown(_("Please look in the channel, then press what you see.")),
        Buttons(
            (
                Button(_("It is not there, post it"), does="alerts.release", value=str(row), style="main"),
                Button(_("It is there"), does="alerts.leave", value=str(row)),
            )
        ),
    )


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    place = Place("local:example", "c1")
    at = datetime.fromisoformat("2026-10-05T08:00:00+00:00")
    again = Button(_("Try again"), does="prompt.again", value="s3")
    other = other_channel_button("prompt", "s3", place)
    lead = compose(
        _("The prompt “{title}” ({schedule}) was not posted in {channel}."),
        title="The quiet corner", schedule="s3", channel=ChannelLink("c1"),
    )  # fmt: skip
    return (
        cannot_post(lead, "is_archived", _("I try again in an hour."), (again, other)),
        cannot_post(lead, "teapot"),
        would_fail(
            place, ("s3", "weekly"), "not_in_channel", at + timedelta(days=1), "Europe/Dublin", (other,)
        ),
        works_again(place),
        unsure(place, "The prompt *The quiet corner*", 12),
    )
