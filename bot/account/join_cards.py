"""The cards of joining: the one that moderators post, and what somebody sees who joins or leaves."""

from __future__ import annotations

from bot.chat.cards import Button, Buttons, Card, ChannelLink, Heading, Markdown, Note, compose, say
from bot.chat.language import _

JOIN, LEAVE = "my.join", "my.leave"


def leave_row() -> Buttons:
    """The way to be written to no more."""
    return Buttons((Button(_("Leave"), does=LEAVE),))


def join_card() -> Card:
    """In a channel, for everybody there: one press, and the bot may write to them."""
    return say(
        _("Prompts and reminders by direct message"),
        Heading(_("By direct message")),
        Markdown(
            _(
                "Press **Join**, and I can write to you directly. You get the prompts that go to each member. "
                "If you have answered one lately, I also remind you before a prompt closes."
            )
        ),
        Buttons((Button(_("Join"), does=JOIN, style="main"), Button(_("Leave"), does=LEAVE))),
        Note(_("Only you see the answer. /my settings changes quiet hours and how often I may remind you.")),
    )


def preview_card(channel: str, stamp: int) -> Card:
    """The card as it will look, before a moderator posts it. `stamp` makes pressing Post twice one post."""
    shown = [block for block in join_card().blocks if not isinstance(block, Buttons)]
    post = Button(_("Post"), does="invite.post", value=f"{channel}/{stamp}", style="main")
    return say(
        _("Post this card?"),
        Markdown(
            compose(
                _("This would be posted in {channel}, with the buttons Join and Leave:"),
                channel=ChannelLink(channel),
            )
        ),
        *shown,
        Buttons((post, Button(_("Cancel"), does="invite.drop"))),
    )


def hello_card() -> Card:
    """The direct message to somebody who has taken part before and joined now."""
    return say(
        _("You have joined"),
        Markdown(
            _(
                "I can write to you here from now on: questions, lessons of courses you take, and reminders. You can answer here."
            )
        ),
        leave_row(),
        Note(_("Write stop to end reminders. Press Leave to get no messages.")),
    )


def joined_card(*, new: bool, stopped: bool) -> Card:
    """The answer to somebody who pressed Join: now, or before."""
    said = (
        _("I can write to you directly now. I just sent you a direct message.")
        if new
        else _("You have joined already: I can write to you directly.")
    )
    if stopped:
        rest = _("Reminders stay stopped; write **resume** to me, and they come again.")
        said = f"{said} {rest}"
    return say(_("You have joined"), Markdown(said), leave_row())


def closed_card() -> Card:
    """The answer to somebody who pressed Join and whose direct messages are closed."""
    return say(
        _("Your direct messages are closed"),
        Markdown(
            _(
                "Your direct messages are closed to me, so I cannot write to you. Open them, then press Join "
                "again."
            )
        ),
    )


def left_card() -> Card:
    """The answer to somebody who pressed Leave."""
    return say(
        _("You have left"),
        Markdown(
            _(
                "I no longer write to you by myself: no prompts, no lessons and no reminders come directly. "
                "What you ask me, I still answer."
            )
        ),
        Buttons((Button(_("Join again"), does=JOIN),)),
    )


def examples() -> tuple[Card, ...]:
    """Every card of this module."""
    return (
        join_card(), preview_card("c1", 0), hello_card(), joined_card(new=True, stopped=True),
        joined_card(new=False, stopped=False), closed_card(), left_card(),
    )  # fmt: skip
