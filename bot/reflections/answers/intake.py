"""The intake of answers: a reply in the thread, the form or a direct message becomes one answer; edits follow.

The rules, as members read them in docs/answers.md:
- In the thread, the first reply of a member that is addressed to nobody else is their answer; what they add within
  the hour belongs to it (`bot/capture/message_versions.py` decides, from when things were said).
- A direct message while a prompt is open is an answer to the prompt asked last.
- The form holds all that stands of the answer and replaces it; what is said afterwards is added.
- The first way decides who can read the answer: everyone for the thread, only the member for the others, and only
  the member for a sensitive prompt.
- A late answer is kept for some days after closing, marked late, and left out of the digest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from bot.capture import choices, message_versions
from bot.capture import tables as capture
from bot.capture.message_versions import MessageVersion
from bot.capture.watch_lookup import match_watch
from bot.chat.cards import Card
from bot.chat.language import _
from bot.chat.models import Message, Refusal, Sharing
from bot.facts import Answered
from bot.feature import IncomingMessage, Request, Taken
from bot.intents.substance import says_something
from bot.reflections.answers import answer_cards, answer_form, existing_answer, linked_answers, tables
from bot.reflections.answers.answer_notes import choose_notes
from bot.reflections.answers.existing_answer import ExistingAnswer
from bot.reflections.answers.first_sharing import choose_sharing
from bot.reflections.answers.lesson_questions import tell_lesson
from bot.reflections.answers.long_text import FormShape, read_shape
from bot.reflections.answers.message_parts import form_source, source_of, text_of
from bot.reflections.answers.next_question import find_written_question
from bot.reflections.answers.receipts import Receipts
from bot.reflections.answers.search_entries import index_answer, index_answer_of, index_message, take_parts
from bot.reflections.answers.standing_cards import mark_own_card
from bot.reflections.answers.tables import Answer
from bot.reflections.schedule import asked_prompts
from bot.reflections.schedule.asked_prompts import AskedPrompt

LIMIT = 8000
"""Characters of one message that are kept."""
SUBJECT = "prompt"
SAVED = "saved"
"""The `via` of a message that its author picked: a copy of what it said then."""
AT_EASE = timedelta(hours=2)
"""When a direct message that just reached us is first re-read."""


@dataclass(frozen=True, slots=True)
class AnswerChanged:
    """An answer changed after its prompt closed, or was taken back; whoever shows it elsewhere follows (the digest)."""

    community_id: int
    occurrence_id: int


Tell = Callable[[Connection, object], None]
Pick = Callable[[Connection, IncomingMessage, AskedPrompt], Taken | None]


class AnswerIntake:
    """Takes answers in, whichever way they come, and stores them as one."""

    def __init__(self, tell: Tell, late: timedelta, receipts: Receipts) -> None:
        self.tell, self.late, self.receipts = tell, late, receipts

    # ── the thread and the direct message ─────────────────────────────────────

    def listen(self, conn: Connection, said: IncomingMessage, pick: Pick | None = None) -> Card | None:
        """Take in a message: part of an answer, a change of one, or none of ours; `pick` takes what could be tapped."""
        if said.heard is None:
            return self._direct(conn, said)
        if said.heard.watch.subject != SUBJECT:
            return None
        self._drop_overtaken(conn, said.message, said.heard)
        found = self._find_existing(conn, said, said.heard.watch.ref)
        if found is None:
            return None
        if pick and found[1].part_of is None and (picked := pick(conn, said, found[0])) is not None:
            return picked.card
        if said.message.place.private and said.message.at > found[0].closes_at:
            other = self._still_open(conn, said)
            found = (other is not None and self._find_existing(conn, said, other.id)) or found
        return self._apply(conn, said, said.heard, *found)

    @staticmethod
    def _find_existing(
        conn: Connection, said: IncomingMessage, ref: int
    ) -> tuple[AskedPrompt, ExistingAnswer] | None:
        """The prompt, and what there already is of the answer of who said this."""
        request = said.request
        return existing_answer.find_existing_answer(
            conn, request.community.id, ref, request.member.id, source_of(said.message)
        )

    def _drop_overtaken(self, conn: Connection, message: Message, heard: MessageVersion) -> None:
        if heard.overtaken:
            place, watch = message.place, heard.watch
            sources = [f"{place.space}/{place.channel}/{one}" for one in heard.overtaken]
            take_parts(conn, watch.community_id, sources)
            self.tell(conn, AnswerChanged(watch.community_id, watch.ref))

    def take_out(self, conn: Connection, said: IncomingMessage, here: AskedPrompt, given: tuple[int, int], source: str) -> None:  # fmt: skip
        """Take a piece out of the answer it is `given` to, and let whoever shows that know; until closing nobody does."""
        left = (
            here
            if given[1] == here.id
            else asked_prompts.find_asked_prompt(conn, here.community_id, given[1])
        )
        tables.drop_parts(conn, [source])
        if left is None:
            return
        index_answer(conn, left, given[0])
        if left.closed or left is not here:
            self.tell(conn, AnswerChanged(here.community_id, left.id))
        mark_own_card(conn, left, said.request.member.id, here.opened_at)

    def _still_open(self, conn: Connection, said: IncomingMessage) -> AskedPrompt | None:
        """A direct message after its prompt closed means the one that is open now, if there is one."""
        prompts = asked_prompts.list_open_prompts(conn, said.request.community.id, said.message.at)
        if not prompts:
            return None
        self.listen_to(conn, said, newest_prompt(prompts))
        return newest_prompt(prompts)

    def listen_to(self, conn: Connection, said: IncomingMessage, here: AskedPrompt) -> None:
        """Listen to a direct message for a prompt, from this message on."""
        place, until, at = said.message.place, here.closes_at + self.late, said.message.at
        capture.watch_place(
            conn, here.community_id, place, SUBJECT, here.id, until, at, said.request.person.id, at + AT_EASE, invited=here.invited
        )  # fmt: skip

    def _direct(self, conn: Connection, said: IncomingMessage) -> Card | None:
        """A direct message outside any watched conversation: the prompt that was asked last is meant."""
        request, message = said.request, said.message
        prompts = asked_prompts.list_open_prompts(conn, request.community.id, request.now)
        if not prompts:
            return None
        here = newest_prompt(prompts)
        self.listen_to(conn, said, here)
        concern = match_watch(conn, message)
        heard = (
            message_versions.store_version(conn, concern, message, request.now)
            if concern is not None
            else None
        )
        found = self._find_existing(conn, said, here.id)
        return None if heard is None or found is None else self._apply(conn, said, heard, *found)

    def _apply(
        self, conn: Connection, said: IncomingMessage, heard: MessageVersion, here: AskedPrompt, before: ExistingAnswer
    ) -> Card | None:  # fmt: skip
        message = said.message
        if not heard.counts or not text_of(message):
            if (given := before.part_of or before.pick_of) is not None:
                self.take_out(conn, said, here, given, before.picked or source_of(message))
            return None
        if len(message.text) > LIMIT:
            return answer_cards.too_long_card(len(message.text), LIMIT)
        if before.part_of is None and before.has_settled(message.at, heard.chosen_at):
            # From before its author replaced or deleted the answer: an edit or a re-reading must not bring it back.
            if before.withdrawn_at is None:
                existing_answer.begin_earlier(conn, here, before, message.at)
            return None
        return self._store(conn, said, here, before)

    def _store(
        self, conn: Connection, said: IncomingMessage, here: AskedPrompt, before: ExistingAnswer
    ) -> Card | None:
        message, request, private, sharing = said.message, said.request, said.message.place.private, None
        if before.part_of is not None:
            answer_id, new = before.part_of[0], False
            if before.part_of[1] != here.id:
                here = asked_prompts.find_asked_prompt(conn, here.community_id, before.part_of[1]) or here
        else:
            sharing = choose_sharing(here.prompt, request.member.sharing, private=private)
            answer_id, new = existing_answer.open_known_answer(
                conn, here, request.member.id, before, sharing, message.at, request.now
            )
        edited = message.version if message.version > message.at else None
        via = "direct" if private else "thread"
        source, text = source_of(message), text_of(message)
        number = find_written_question(conn, here, answer_id) if private and before.part_of is None else None
        tables.store_part(conn, here.community_id, answer_id, via, source, text, None, message.at, edited, number)  # fmt: skip
        index_message(conn, here, before, answer_id, sharing, text, message.at)
        first = message.at if new or before.first_at is None else min(before.first_at, message.at)
        self.announce_change(conn, here, request.member.id, new, late=first > here.closes_at, index=False)
        if before.part_of is not None:
            return None
        late = new and message.at > here.closes_at
        bare = new and here.prompt.lesson is not None and not says_something(text)
        if not private and not late and not message.files and not bare:
            return None  # there is nothing they do not know yet
        return self._acknowledge(conn, said, here, answer_id, new=new)

    def _acknowledge(
        self, conn: Connection, said: IncomingMessage, here: AskedPrompt, answer_id: int, *, new: bool
    ) -> Card | None:
        """A receipt for a direct message; in a thread only what the member does not know yet."""
        request = said.request
        answer = tables.find_answer(conn, here.community_id, answer_id)
        if answer is None:
            return None
        about = choose_notes(conn, request, said.message.files)
        if said.message.place.private:
            move = asked_prompts.list_open_prompts(conn, here.community_id, request.now)
            return self.receipts.receipt(
                conn,
                answer,
                here,
                new=new,
                private=True,
                move=move,
                notes=about,
                source=source_of(said.message),
            )
        asks = self.receipts.questions(conn, here, answer) if new else ()
        if asks or (new and answer.late):
            return self.receipts.receipt(conn, answer, here, notes=(*asks, *about))
        return answer_cards.files_card(about) if about else None

    def announce_change(
        self,
        conn: Connection,
        here: AskedPrompt,
        member_id: int,
        new: bool,
        *,
        late: bool,
        index: bool = True,
    ) -> None:
        """Tell whom it concerns that an answer was given (`new`) or changed, and found (`index`); nothing shows a `late` one."""
        if index:
            index_answer_of(conn, here, member_id)
        if new:
            self.tell(conn, Answered(here.community_id, member_id, here.id))
        mark_own_card(conn, here, member_id, here.opened_at)
        tell_lesson(conn, here, member_id, self.tell)
        if here.closed and not late:  # until then nothing that was said shows it
            self.tell(conn, AnswerChanged(here.community_id, here.id))

    # ── the form ──────────────────────────────────────────────────────────────

    def check_open(self, request: Request, here: AskedPrompt, returning: str = "") -> None:
        """Refuse what comes too late even for a late answer, or from somebody who wants nothing kept."""
        if not request.member.keeps:
            raise Refusal(
                _("Saving is off for you, so I can’t save anything."),
                _("`/my settings keep:yes` changes that."),
                returning,
            )
        if request.now > here.closes_at + self.late:
            raise Refusal(
                _("“{prompt}” has closed, and its days for late answers are over.", prompt=here.prompt.title),
                _("`/reflect` shows what is open."),
                returning,
            )

    def submit_form(
        self, conn: Connection, request: Request, here: AskedPrompt, values: Mapping[str, object]
    ) -> tuple[Answer, bool]:
        """Let a checked form be the member's answer; whether it replaces what they wrote in messages."""
        replies = answer_form.read_replies(here.prompt, values, read_shape(request.value) or FormShape())
        if not replies:
            raise answer_form.nothing_said_refusal()
        self.check_open(request, here, "\n\n".join(one.text for one in replies))
        sharing = Sharing(str(values["sharing"])) if values.get("sharing") else None
        wanted = sharing or choose_sharing(here.prompt, request.member.sharing)
        answer_id, new = existing_answer.open_answer(
            conn, here, request.member.id, wanted, request.now, request.now
        )
        if new:
            linked_answers.note_author(conn, (request.person.space, request.person.id), answer_id)
        sources = {form_source(answer_id, one.question): one for one in replies}
        sent = request.at or request.now
        for source, one in sources.items():
            edited = None if tables.find_answer_with_source(conn, source) is None else sent
            tables.store_part(
                conn, here.community_id, answer_id, "form", source, one.text, one.value, sent, edited, one.question
            )  # fmt: skip
        replaced = tables.replace_parts(conn, answer_id, list(sources), sent)
        choices.clear_choices(conn, replaced)
        if sharing is not None:
            tables.set_sharing(conn, answer_id, sharing, request.now)
        answer = tables.find_answer(conn, here.community_id, answer_id)
        if answer is None:
            raise LookupError(f"answer {answer_id} was written and is not there")
        self.announce_change(conn, here, request.member.id, new, late=answer.late)
        return answer, bool(replaced)


def newest_prompt(prompts: Sequence[AskedPrompt]) -> AskedPrompt:
    """The prompt that was asked last."""
    return max(prompts, key=lambda one: (one.opened_at, one.id))
