"""The card that shows which group a schedule notifies, with the ways to change that."""

from __future__ import annotations

from bot.chat.cards import Button, Buttons, Card, Markdown, compose, say
from bot.chat.language import _
from bot.chat.mass_mentions import group_mention
from bot.chat.menu_cards import FILL, RUN

LINE = "prompt pings"
"""The command whose lines the buttons carry, as they would be typed."""


def pings_card(schedule: str, group: str) -> Card:
    """What stands: `group` is what `group_of` read, or empty."""
    if not group:
        choose = Button(_("Choose a group"), opens=FILL, value=f"{LINE} {schedule}")
        words = _("{schedule} notifies no group here.", schedule=schedule)
        return say(words, Markdown(words), Buttons((choose,)))
    change = Button(_("Change"), opens=FILL, value=f"{LINE} {schedule}")
    remove = Button(_("Remove"), does=RUN, value=f"{LINE} {schedule} none", style="danger")
    said = compose(
        _("{schedule} notifies {group} when it posts here."), schedule=schedule, group=group_mention(group)
    )
    return say(_("Whom {schedule} notifies", schedule=schedule), Markdown(said), Buttons((change, remove)))


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    return (pings_card("s1", ""), pings_card("s1", "S123|teachers"))
