"""The cards of calendar feeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat.cards import Block, Button, Buttons, Card, ChannelLink, Heading, Markdown, Note, compose, say
from bot.chat.language import N_, _

OWN, DUE = "my.calendar", "tilth.feed"
"""The buttons of a member's own feed, and of a community's."""
ON, NEW, OFF = "on", "new", "off"
"""What a button does to a feed."""
TITLE, OWN_TITLE = N_("Calendar feed"), N_("My lessons in my calendar")


@dataclass(frozen=True, slots=True)
class FeedView:
    """A feed as whoever may have it sees it. `address` is None where it is off; `salt` is the part of it that buttons name.

    `channel` is None for the whole community, and for one's own.
    """

    own: bool
    address: str | None = None
    salt: str = ""
    channel: str | None = None

    @property
    def does(self) -> str:
        return OWN if self.own else DUE

    def value(self, what: str) -> str:
        """The value of a button: what it does, to which address, and of which channel."""
        return f"{what}/{self.salt[:8]}/{self.channel or ''}"


def feed_card(view: FeedView, said: str = "", *, replaces: bool = False) -> Card:
    """Whether a feed is on, its address, and what can be done. `said`: what was just done."""
    title = _(OWN_TITLE) if view.own else _(TITLE)
    blocks: list[Block] = [Heading(title)]
    if said:
        blocks.append(Markdown(said))
    if view.channel is not None:
        blocks.append(Markdown(compose(_("For {channel} alone."), channel=ChannelLink(view.channel))))
    blocks += _on_blocks(view, view.address) if view.address is not None else _off_blocks(view)
    return Card(title, tuple(blocks), replaces=replaces)


def _off_blocks(view: FeedView) -> Sequence[Block]:
    about = (
        _(
            "I can give you an address for your calendar program. It then shows when your lessons come and when they are due."
        )
        if view.own
        else _(
            "I can give you an address for calendar programs. They then show when questions and discussions come, meetings, and days away."
        )
    )
    make = Button(_("Make the address"), does=view.does, value=view.value(ON), style="main")
    return (Markdown(about), Buttons((make,)), _note(view))


def _on_blocks(view: FeedView, address: str) -> Sequence[Block]:
    return (
        Markdown(_("In your calendar program, choose to subscribe to a calendar, and paste this address:")),
        Markdown(f"`{address}`"),
        Buttons((
            Button(_("Make a new address"), does=view.does, value=view.value(NEW)),
            Button(_("Turn it off"), does=view.does, value=view.value(OFF), style="danger"),
        )),
        _note(view),
    )  # fmt: skip


def _note(view: FeedView) -> Note:
    if view.own:
        return Note(_("Whoever knows the address sees the titles and dates of your lessons, and nothing else. A new address ends the old one."))  # fmt: skip
    return Note(_("Whoever knows the address sees dates and the titles of discussions: no question, no answer, no name. A new address ends the old one."))  # fmt: skip


def closed_card() -> Card:
    """The operator did not say how this server is reached."""
    title = _("There are no calendar feeds here")
    text = _(
        "For that, your Tilth admin sets TILTH_WEB__PUBLIC_URL to the address at which Tilth is reached from outside."
    )
    return say(title, Heading(title), Markdown(text))


def examples() -> tuple[Card, ...]:
    """Every card of feeds."""
    address = "https://tilth.example/calendar/ZXhhbXBsZSBvZiBhbiBhZGRyZXNzIHRoYXQgaXMgbm9u.ics"
    views = (
        FeedView(own=True),
        FeedView(True, address, "abcdef01"),
        FeedView(own=False),
        FeedView(False, address, "abcdef01", "c1"),
    )
    return (
        *(feed_card(one) for one in views),
        feed_card(views[1], _("This is the new address. The old one shows nothing anymore.")),
        closed_card(),
    )
