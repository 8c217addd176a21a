"""The cards of answers: receipts, notices, a member's history and the digest of a prompt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.chat.cards import Block, Button, Buttons, Card, Heading, Markdown, Moment, Note, Quote, Select, say
from bot.chat.models import Sharing
from bot.reflections.answers.hiding_reasons import REASONS, HidingReason
from bot.reflections.answers.tables import Answer
from bot.reflections.answers.turnout import Turnout
from bot.reflections.cards import clip_text
from bot.reflections.conversations.buttons import talk_buttons
from bot.reflections.prompts.model import Prompt
from bot.reflections.schedule.asked_prompts import AskedPrompt

READERS = {
    Sharing.ME: "Only you can read this answer.",
    Sharing.MODERATORS: "You and the moderators can read this answer.",
    Sharing.TEAM: "You and your team can read this answer. If somebody reports it, the moderators can too.",
    Sharing.EVERYONE: "Everyone in the community can read this answer.",
}
NO_TEAM = "You are in no team yet, so only you can read this answer."
"""Who reads what is shared with a team by somebody who is in none, or alone in theirs."""
SHARING = tuple(
    (kind.value, label)
    for kind, label in (
        (Sharing.ME, "Only me"),
        (Sharing.MODERATORS, "Me and the moderators"),
        (Sharing.TEAM, "My team"),
        (Sharing.EVERYONE, "Everyone"),
    )
)


def digest_card(
    prompt: Prompt, turnout: Turnout, next_at: datetime | None, zone: str, in_thread: bool,
    anonymous: Sequence[Block] = (),
) -> Card:  # fmt: skip
    """What came of a prompt: how many answered, what was shared or came without a name, what is next."""
    said = _turnout(turnout.answered, turnout.shared)
    blocks: list[Block] = [Heading(digest_title(prompt)), Markdown(said)]
    for one in turnout.quoted:
        blocks += [Quote(clip_text(one.words), by=one.name), Buttons(talk_buttons(one.id, one.name))]
    more = turnout.worded - len(turnout.quoted)
    if more > 0:
        quoted_elsewhere = sum(all(part.via != "thread" for part in one.parts) for one in turnout.quoted)
        there = in_thread and turnout.elsewhere == quoted_elsewhere
        are = "is" if more == 1 else "are"
        blocks.append(Markdown(f"{more} more {are} {'in the thread' if there else 'kept'}."))
    blocks += anonymous
    if next_at is not None:
        blocks.append(Markdown(("The next prompt comes on ", Moment(next_at, zone), ".")))
    return say(digest_title(prompt), *blocks)


def digest_title(prompt: Prompt) -> str:
    """What a digest is called."""
    return f"Looking back: {prompt.title}"


def _turnout(answered: int | None, shared: int) -> str:
    if answered is not None:
        return f"{answered} people answered; {shared or 'nobody'} shared with everyone."
    if shared == 0:
        return "Nobody shared an answer with everyone."
    people = "One person" if shared == 1 else f"{shared} people"
    return f"{people} shared an answer with everyone."


def readers_text(sharing: Sharing, *, alone: bool, public: bool, hidden: HidingReason | None = None) -> str:
    """Who can read an answer. `alone`: nobody else is in the author's teams; `public`: a message of it stands elsewhere.

    `hidden`: why a moderator hides it.
    """
    who = NO_TEAM if sharing is Sharing.TEAM and alone else READERS[sharing]
    if hidden is not None:
        who = f"A moderator hid this answer from everybody but you. The reason: {REASONS[hidden]}."
    stays = " Your own message stays where you wrote it, for whoever is there."
    elsewhere = public and (sharing is not Sharing.EVERYONE or hidden is not None)
    return who + (stays if elsewhere else "")


def share_select(answer: Answer) -> Select:
    """Pick who can read an answer."""
    chosen = answer.sharing.value
    return Select("Who can read this", "reflect.share", SHARING, value=f"a{answer.id}", chosen=chosen)


def receipt_card(
    answer: Answer,
    here: AskedPrompt,
    readers: str,
    *,
    added: bool = False,
    replaced: bool = False,
    move: Sequence[AskedPrompt] = (),
    notes: Sequence[Block] = (),
) -> Card:
    """To the member alone: what was kept, who can read it (`readers`), what can be done with it.

    `replaced`: it took the place of what they wrote in messages. `notes` say what is stored of files, and once how long what is kept.
    """
    kept = f"{'Added to' if added else 'Kept as'} your answer to *{here.prompt.title}*."
    late = " The prompt had closed, so it is a late answer and not in the digest." if answer.late else ""
    if replaced:
        late += " It replaces your earlier messages and no longer follows them."
    blocks: list[Block] = [Markdown(kept + late), Quote(clip_text(answer.text, 1500)), *_handles(answer)]
    blocks += notes
    others = [one for one in move if one.id != here.id]
    if others and answer.parts:
        options = tuple((f"o{one.id}", one.prompt.title[:75]) for one in others[:25])
        blocks.append(Select("This was meant for", "reflect.move", options, value=str(answer.parts[-1].id)))
    return say(f"Kept: {here.prompt.title}", *blocks, Note(readers))


def _handles(answer: Answer) -> list[Block]:
    return [
        Buttons(
            (
                Button("Edit", opens="reflect.edit", value=f"a{answer.id}"),
                Button("Delete", does="reflect.delete", value=f"a{answer.id}", style="danger"),
            )
        ),
        share_select(answer),
    ]


def file_blocks(files: Sequence[str], *, new: bool) -> tuple[Block, ...]:
    """What is stored of files that came with an answer; in a few words when it is nothing `new`."""
    if not files:
        return ()
    about = (
        "I store your words and the name of a file, **not the file itself**. It stays in your message: if you delete it "
        "there, nobody has it."
    )
    return (
        *((Markdown(about),) if new else ()),
        Note(
            f"I store the name of {files[0]}, not the file."
            if len(files) == 1
            else f"I store the names of these files, not the files: {', '.join(files)}."
        ),
    )


def files_card(about: Sequence[Block]) -> Card:
    """To somebody who answered with files in a thread: what is stored of them."""
    return say("Your file is not stored", *about)


def unread_reply_card(here: AskedPrompt) -> Card:
    """To a member whose reply in a thread the platform does not let me read: what works there."""
    return say(
        "I could not read your reply",
        Markdown(
            f"You wrote in the thread of *{here.prompt.title}*. There I can read only what mentions me, so your reply is "
            "not saved as an answer."
        ),
        Markdown(
            "Press **Answer**, or edit your reply so that it begins by mentioning me. In the menu of your reply, **Save as "
            "my reflection** works too."
        ),
        Buttons((Button("Answer", opens="reflect.answer", value=f"o{here.id}", style="main"),)),
        Note("I say this once for each prompt."),
    )


def long_text_problem(length: int, limit: int) -> tuple[str, str]:
    """Why a text in a command cannot be an answer, and what to do."""
    return (
        f"Your answer has {length:,} characters and I keep up to {limit:,}.",
        "Shorten it, and send it again.",
    )


def deleted_card(answer_id: int, from_messages: bool) -> Card:
    """An answer was taken back; ten minutes to undo it."""
    stays = (
        " The message you wrote stays where it is; delete it there too if you like." if from_messages else ""
    )
    return say(
        "Your answer is deleted",
        Markdown(f"Your answer is deleted.{stays} You can undo this for ten minutes."),
        Buttons((Button("Undo", does="reflect.undo", value=f"a{answer_id}"),)),
    )


def history_card(
    answers: Sequence[tuple[Answer, AskedPrompt, str]], zone: str, page: int, more: bool, state: str
) -> Card:
    """A page of a member's own answers, each with who can read it. `state` is the filter, carried by the paging buttons."""
    if not answers:
        return say("Nothing here yet", Markdown("Nothing here yet. `/reflect` shows what is open."))
    blocks: list[Block] = [Heading("Your answers")]
    for answer, here, readers in answers:
        blocks.append(
            Markdown((f"**a{answer.id} · {here.prompt.title}** ", Moment(answer.first_at, zone, "date")))
        )
        blocks.append(Quote(clip_text(answer.text)))
        blocks.append(Note(readers + (" Late answer." if answer.late else "")))
    turns = []
    if page > 0:
        turns.append(Button("Newer", does="reflect.page", value=f"{page - 1}|{state}"))
    if more:
        turns.append(Button("Older", does="reflect.page", value=f"{page + 1}|{state}"))
    if turns:
        blocks.append(Buttons(tuple(turns)))
    return Card("Your answers", tuple(blocks), replaces=True)


def opened_text(count: int) -> str:
    """What an author reads of how many opened an answer; nothing below the first step."""
    return f" Opened in Tilth by {count} or more people." if count else ""


def too_long_card(length: int, limit: int) -> Card:
    """A reply too long to keep; it still stands where it was written."""
    return say(
        "That reply is too long for me to keep",
        Markdown(
            f"Your reply has {length:,} characters and I keep up to {limit:,}. It still stands where you wrote it: "
            "shorten it there by editing, and I take it."
        ),
    )


def examples() -> tuple[Card, ...]:
    """Every card about answers."""
    from bot.reflections.examples import ANSWER, ASKED, OTHER  # examples only

    later = ASKED.closes_at + timedelta(days=3)
    return (
        digest_card(ASKED.prompt, Turnout(9, 3, 0, [ANSWER], 3), later, "Europe/Dublin", in_thread=True),
        digest_card(ASKED.prompt, Turnout(None, 0, 0, []), None, "Europe/Dublin", in_thread=True),
        receipt_card(ANSWER, ASKED, READERS[Sharing.EVERYONE], move=(ASKED, OTHER)),
        receipt_card(
            ANSWER,
            ASKED,
            readers_text(Sharing.TEAM, alone=True, public=True),
            replaced=True,
            notes=file_blocks(("hall.png",), new=False),
        ),
        files_card(file_blocks(("hall.png", "stairs.png"), new=True)),
        unread_reply_card(ASKED),
        deleted_card(301, from_messages=True),
        history_card(
            [(ANSWER, ASKED, READERS[Sharing.EVERYONE] + opened_text(10))],
            "Europe/Dublin",
            1,
            more=True,
            state="|",
        ),
        history_card([], "Europe/Dublin", 0, more=False, state="|"),
        too_long_card(9214, 8000),
    )
