"""The cards of answers: receipts, notices, a member's history and the digest of a prompt."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.cards import Block, Button, Buttons, Card, Markdown, Note, Select, say
from bot.chat.language import N_, _, format_number
from bot.chat.models import Sharing
from bot.people.audience import sharing_options
from bot.reflections.answers.hiding_reasons import REASONS, HidingReason
from bot.reflections.answers.tables import Answer
from bot.reflections.schedule.asked_prompts import AskedPrompt

READERS = {
    Sharing.ME: N_("Only you can read this answer."),
    Sharing.MODERATORS: N_("You and the moderators can read this answer."),
    Sharing.TEAM: N_(
        "You and your team can read this answer. If somebody reports it, the moderators can too."
    ),
    Sharing.EVERYONE: N_("Everyone in the community can read this answer."),
}
NO_TEAM = N_("You are in no team yet, so only you can read this answer.")
"""Who reads what is shared with a team by somebody who is in none, or alone in theirs."""


def readers_text(sharing: Sharing, *, alone: bool, public: bool, hidden: HidingReason | None = None) -> str:
    """Who can read an answer. `alone`: nobody else is in the author's teams; `public`: a message of it stands elsewhere.

    `hidden`: why a moderator hides it.
    """
    who = _(NO_TEAM if sharing is Sharing.TEAM and alone else READERS[sharing])
    if hidden is not None:
        who = _(
            "A moderator hid this answer from everybody but you. The reason: {reason}.",
            reason=_(REASONS[hidden]),
        )
    stays = _(" Your own message stays where you wrote it. People there can still read it.")
    elsewhere = public and (sharing is not Sharing.EVERYONE or hidden is not None)
    return who + (stays if elsewhere else "")


def share_select(answer: Answer) -> Select:
    """Pick who can read an answer."""
    chosen = answer.sharing.value
    return Select(
        _("Who can read this"), "reflect.share", sharing_options(), value=f"a{answer.id}", chosen=chosen
    )


def late_text() -> str:
    """What is said of an answer that came after its prompt closed."""
    return _("The prompt has closed, so this is a late answer and is not in the summary.")


def change_buttons(answer_id: int) -> tuple[Button, Button]:
    """Edit and Delete, as every card with an own answer has them."""
    return (
        Button(_("Edit"), opens="reflect.edit", value=f"a{answer_id}"),
        Button(_("Delete"), does="reflect.delete", value=f"a{answer_id}", style="danger"),
    )


def file_blocks(files: Sequence[str], *, new: bool) -> tuple[Block, ...]:
    """What is stored of files that came with an answer; in a few words when it is nothing `new`."""
    if not files:
        return ()
    about = _(
        "I store your words and the name of a file, **not the file itself**. It stays in your "
        "message: if you delete it there, nobody has it."
    )
    return (
        *((Markdown(about),) if new else ()),
        Note(
            _("I store the name of {files}, not the file.", files=files[0])
            if len(files) == 1
            else _("I store the names of these files, not the files: {join}.", join=", ".join(files))
        ),
    )


def files_card(about: Sequence[Block]) -> Card:
    """To somebody who answered with files in a thread: what is stored of them."""
    return say(_("Your file is not stored"), *about)


def unread_reply_card(here: AskedPrompt) -> Card:
    """To a member whose reply in a thread the platform does not let me read: what works there."""
    return say(
        _("I could not read your reply"),
        Markdown(
            _(
                "You wrote in the thread of *{prompt}*. There I can read only what mentions me, so your "
                "reply is not saved as an answer.",
                prompt=here.prompt.title,
            )
        ),
        Markdown(
            _(
                "Press **Answer**, or edit your reply so that it begins by mentioning me. In the menu of "
                "your reply, **Save as my reflection** works too."
            )
        ),
        Buttons((Button(_("Answer"), opens="reflect.answer", value=f"o{here.id}", style="main"),)),
        Note(_("I say this once for each prompt.")),
    )


def long_text_problem(length: int, limit: int) -> tuple[str, str]:
    """Why a text in a command cannot be an answer, and what to do."""
    return (
        _(
            "Your answer has {length} characters. I can save up to {limit}.",
            length=format_number(length),
            limit=format_number(limit),
        ),
        _("Shorten it, and send it again."),
    )


def deleted_card(answer_id: int, from_messages: bool) -> Card:
    """An answer was taken back; ten minutes to undo it."""
    stays = (
        _(" The message you wrote stays where it is; delete it there too if you like.")
        if from_messages
        else ""
    )
    return say(
        _("Your answer is deleted"),
        Markdown(_("Your answer is deleted.{stays} You can undo this for ten minutes.", stays=stays)),
        Buttons((Button(_("Undo"), does="reflect.undo", value=f"a{answer_id}"),)),
    )


def opened_text(count: int) -> str:
    """What an author reads of how many opened an answer; nothing below the first step."""
    return _(" Opened in Tilth by {count} or more people.", count=count) if count else ""


def too_long_card(length: int, limit: int) -> Card:
    """A reply too long to keep; it still stands where it was written."""
    return say(
        _("That reply is too long for me to save"),
        Markdown(
            _(
                "Your reply has {length} characters. I can save up to {limit}. It is still where you wrote "
                "it. Edit it there to make it shorter, and I save it.",
                length=format_number(length),
                limit=format_number(limit),
            )
        ),
    )


def examples() -> tuple[Card, ...]:
    """Every card about answers."""
    from bot.reflections.examples import ASKED  # examples only

    return (
        files_card(file_blocks(("hall.png", "stairs.png"), new=True)),
        unread_reply_card(ASKED),
        deleted_card(301, from_messages=True),
        too_long_card(9214, 8000),
    )
