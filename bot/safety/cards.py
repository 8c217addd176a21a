"""What whoever was told who to call reads after a button, and what moderators read of a request for contact."""

from __future__ import annotations

from datetime import datetime

from bot.chat.cards import Button, Buttons, Card, Heading, Markdown, Mention, Moment, Note, compose, say
from bot.chat.language import _
from bot.chat.models import Person
from bot.people.tables import Member


def paused_card(until: datetime, zone: str) -> Card:
    """To whoever said that nobody is in danger."""
    return say(
        _("Please send it again"),
        Markdown(
            compose(_("Please send it again: until {until} I save what you write and do not look for danger in it."), until=Moment(until, zone, style='time'))
        ),
    )  # fmt: skip


def asked_card(*, again: bool = False) -> Card:
    """To whoever asked a moderator for contact."""
    known = _(
        "They know your name, but nothing that you wrote. They may see it late: if somebody is in danger "
        "now, please call."
    )
    if again:
        told = _("Moderators were told already that you ask to be contacted.")
        return say(_("Moderators were told already"), Markdown(f"{told} {known}"))
    told = _("I told the moderators that you ask to be contacted.")
    return say(_("I told the moderators"), Markdown(f"{told} {known}"))


def nobody_card() -> Card:
    """To whoever asked for contact where I know of no moderator who could be told."""
    return say(
        _("I know of no moderator here"),
        Markdown(_("I know of no moderator I could tell. Please call somebody.")),
    )


def request_card(person: Person, who: Member) -> Card:
    """To moderators: who asks to be contacted."""
    return say(
        _("A member asks to be contacted"),
        Heading(_("Please contact a member")),
        Markdown(compose(_("{person} asks a moderator to contact them."), person=Mention(person.id, who.name))),
        Markdown(_("I took something they wrote for danger, told them who to call, and did not save it.")),
        Buttons((Button(_("I contact them"), does="danger.take", value=str(who.id), style="main"),)),
        Note(_("Please speak to them in private. I go by phrases, and can be wrong.")),
    )  # fmt: skip


def taken_card(moderator: str) -> Card:
    """In the place of a request that a moderator took."""
    return say(
        _("A moderator contacts the member"),
        Markdown(_("{moderator} contacts the member who asked for it.", moderator=moderator)),
    )


def settled_card() -> Card:
    """To a moderator whose button came too late."""
    return say(_("That is settled already."))


def withdrawn_card() -> Card:
    """In the place of a request of somebody who had everything about them erased."""
    return say(
        _("A request was withdrawn"), Markdown(_("A member had asked to be contacted, and withdrew that."))
    )


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    ada = Member(7, 1, "Ada Quinn", "America/Chicago", None, None, keeps=True, noticed=True)
    return (
        paused_card(datetime.fromisoformat("2026-10-05T15:00:00+00:00"), "America/Chicago"),
        asked_card(),
        asked_card(again=True),
        nobody_card(),
        request_card(Person("local:example", "ada", "Ada Quinn"), ada),
        taken_card("Mo Hale"),
        settled_card(),
        withdrawn_card(),
    )
