"""Cards for a first contact: a place that the bot has just joined, and a member who takes part for the first time."""

from __future__ import annotations

from bot.chat.cards import Button, Buttons, Card, Heading, Markdown, Note, say
from bot.chat.language import _, ngettext
from bot.chat.models import ALL_VISIBLE, Visibility


def welcome(space: str, community: str, visible: Visibility = ALL_VISIBLE) -> Card:
    """To whoever invited the bot into a space that belongs to a community: the first steps."""
    steps = [
        _("Invite me to the channel where prompts should appear."),
        _("There, a moderator writes `/prompt schedule`. It shows every date before anything is set."),
        _("Tell people how to answer: in the thread, by the button, or in a direct message.")
        if visible.replies
        else _(
            "Tell people how to answer: in the thread with a mention of me, by the button, or in a direct message."
        ),
    ]
    if not visible.people:
        steps.append(
            _(
                "`/tilth invite` posts a card with a Join button. I cannot see who is here, so I can write only to people "
                "who press it."
            )
        )
    joining = () if visible.people else (Buttons((Button(_("Join"), does="my.join"),)),)
    return say(
        _("Tilth is here: {space}", space=space),
        Heading(_("Tilth is here")),
        Markdown(
            _(
                "Tilth asks short questions in **{community}** and saves the answers in one place. To get the first prompt:",
                community=community,
            )
        ),
        Markdown("\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))),
        *joining,
        Note(_("/tilth shows what you can do. Nothing is posted until somebody sets a schedule.")),
    )


def channel_card(community: str, *, replies: bool, whole: bool = False) -> Card:
    """To everybody in a channel that let the bot in: what this is, how to take part, and who reads it.

    `replies`: whether the bot reads replies that do not mention it; `whole`: whether it was let into all channels at once.
    """
    part = (
        _("**Take part:** press the first button under a question, or reply in its thread.")
        if replies
        else _("**Take part:** press the first button under a question, or mention me in its thread.")
    )
    lines = (
        _(
            "Tilth asks short questions in {community} and saves your answers in one place.",
            community=community,
        ),
        _("**In channels:** I post only what a moderator or a team lead sets up.")
        if whole
        else _("**In this channel:** I post what a moderator or a team lead sets up here."),
        part,
        _("**In a thread:** everyone in the channel can read your reply."),
        _("**By form or direct message:** you choose who can read your answer."),
        _("**Help:** write help to me in a direct message."),
    )
    return say(
        _("Tilth is here"), Heading(_("Tilth is here")), Markdown("\n".join(f"- {line}" for line in lines))
    )


def member_card(community: str, days: int | None, per_week: int, *, replies: bool) -> Card:
    """To somebody who takes part for the first time: what this is, what is stored, who reads it, and how to stop.

    `days` is how long answers are stored, None until they are deleted; `replies`: whether the bot reads replies that do
    not mention it.
    """
    lines = _welcome_lines(community, days, per_week, replies=replies)
    buttons = (
        Button(_("See open questions"), does="reflect.open", style="main"),
        Button(_("Leave"), does="my.leave"),
    )
    return say(
        _("Welcome to Tilth"),
        Heading(_("Welcome to Tilth")),
        Markdown("\n".join(f"- {line}" for line in lines)),
        Buttons(buttons),
        Note(_("You see this once. Write help at any time.")),
    )


def _welcome_lines(community: str, days: int | None, per_week: int, *, replies: bool) -> tuple[str, ...]:
    """What a member has to know, a line each."""
    part = (
        _("**Take part:** press the first button under a question, reply in its thread, or write to me here.")
        if replies
        else _(
            "**Take part:** press the first button under a question, or write to me here. In a thread, mention me."
        )
    )
    stored = (
        _("**What is stored:** your answers, until you delete them. Of files, only their names.")
        if days is None
        else ngettext(
            "**What is stored:** your answers, for {count} day. Of files, only their names.",
            "**What is stored:** your answers, for {count} days. Of files, only their names.",
            days,
        )
    )
    return (
        _(
            "Tilth asks short questions in {community} and saves your answers in one place.",
            community=community,
        ),
        part,
        _("**In a thread:** everyone in the channel can read your reply."),
        _("**By form or direct message:** only you can read your answer, until you share it."),
        stored,
        _(
            "**Change or delete:** `/reflect history` has your answers. `/my data` has everything, and for how long."
        ),
        ngettext(
            "**Reminders:** you get at most {count} a week, on working days. Write **stop** to end them.",
            "**Reminders:** you get at most {count} a week, on working days. Write **stop** to end them.",
            per_week,
        ),
        _(
            "**Stop:** press **Leave** to get no messages. `/my settings keep:no` stops saving what you write."
        ),
    )


def homeless(key: str, name: str) -> Card:
    """To whoever invited the bot into a space that belongs to no community: nothing is heard or kept there."""
    return say(
        _("Tilth is not set up for {name} yet", name=name),
        Heading(_("One step is missing")),
        Markdown(
            _(
                "This space does not belong to a community yet, so I read and store nothing here. Your Tilth admin can add "
                "it. Its key is `{key}`.",
                key=key,
            )
        ),
        Note(_("After that, I start here when Tilth restarts.")),
    )


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    return (
        welcome("Lakeside School", "Lakeside"),
        welcome("Lakeside School", "Lakeside", Visibility(replies=False, people=False)),
        homeless("somewhere:123", "Lakeside School"),
        channel_card("Lakeside", replies=True),
        channel_card("Lakeside", replies=False),
        channel_card("Lakeside", replies=True, whole=True),
        member_card("Lakeside", 400, 2, replies=True),
        member_card("Lakeside", None, 2, replies=False),
    )
