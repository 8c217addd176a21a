"""What is answered to wishes about oneself: who reads what somebody writes, and days on which they are not there."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.account.settings_forms import READING
from bot.chat.cards import Button, Buttons, Card, Heading, Markdown, say
from bot.chat.language import _
from bot.chat.menu_cards import OPEN, RUN
from bot.chat.models import Sharing
from bot.feature import Request
from bot.people.audience import SHARING_NAMES


def show_readers(_conn: Connection, request: Request) -> Card:
    """Who reads what the asker writes, as their settings are now."""
    return readers_card(request.member.sharing or Sharing.ME)


def readers_card(sharing: Sharing) -> Card:
    """Who reads what somebody writes; `sharing` is who reads their answers where they do not say."""
    alone = _("**By form or direct message:** only you can read your answer, until you share it.")
    shared = _(
        "**By form or direct message:** as your settings are now, these can read your answer: *{who}*. You can choose for "
        "each answer.",
        who=_(dict(SHARING_NAMES)[sharing.value]),
    )
    lines = (
        _("**In a thread:** everyone in the channel can read your reply."),
        alone if sharing is Sharing.ME else shared,
        _("**Anonymously:** only where a prompt offers it. Its form says who can read your answer then."),
        _(
            "**Moderators** can open an answer that you share with them, or that somebody who reads it reports."
        ),
        _("**Who runs Tilth** keeps the computer it is on, and could look into its database."),
    )
    return say(
        _("Who reads what you write"),
        Heading(_("Who reads what you write")),
        Markdown("\n".join(f"- {line}" for line in lines)),
        Buttons(
            (
                Button(_("Answers and privacy"), opens=READING),
                Button(_("My answers"), does=RUN, value="reflect history"),
                Button(_("Your data"), does=RUN, value="my data"),
            )
        ),
    )


def offer_days_away(_conn: Connection, _request: Request) -> Card:
    """To somebody who says that they will not be there."""
    return away_card()


def away_card() -> Card:
    """What can be done about days on which somebody is not there, with the form that asks for them."""
    words = _(
        "Tell me the days, and I send you nothing while you are away. I did not save your message as an answer."
    )
    return say(
        _("Days away"),
        Markdown(words),
        Buttons((Button(_("Days away"), opens=OPEN, value="my away", style="main"),)),
    )


def examples() -> tuple[Card, ...]:
    """Every card of this module."""
    return readers_card(Sharing.ME), readers_card(Sharing.TEAM), away_card()
