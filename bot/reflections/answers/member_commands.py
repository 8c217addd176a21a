"""What members do with open prompts: see them, answer in one line or by form, or say "not this week"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.chat.cards import Block, Button, Buttons, Card, Markdown, say
from bot.chat.forms import Form
from bot.chat.language import N_, _
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import FORMER_SHARING, Refusal, Sharing, UnclearOption
from bot.chat.parsing.button_values import read_id
from bot.feature import ButtonHandler, CommandHandler, Completion, FormHandler, Reads, Request, Writes
from bot.reflections import cards
from bot.reflections.answers import answer_cards, answer_form, tables
from bot.reflections.answers.hints import show_hints
from bot.reflections.answers.intake import LIMIT, AnswerIntake
from bot.reflections.answers.standing_cards import mark_own_card
from bot.reflections.cards import answer_buttons
from bot.reflections.schedule import asked_prompts, skips
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.reflections.schedule.coming_prompt import find_next_prompt


@dataclass(frozen=True, slots=True)
class MemberCommands:
    """The commands, buttons and the form with which members answer."""

    answers: AnswerIntake

    def commands(self) -> Sequence[CommandHandler]:
        """`/reflect` and `/reflect answer`."""
        answer = Command(
            "reflect", "answer", N_("Answer a prompt, in one line or by form"),
            (
                Option("prompt", N_("Which prompt"), OptionKind.ID, positional=True, letter="p", completes=True),
                Option("share", N_("Who can read it"), OptionKind.CHOICE, choices=tuple(kind.value for kind in Sharing), former_choices=FORMER_SHARING),
                Option("text", N_("Your answer"), OptionKind.TEXT),
            ),
            opens=True,
            examples=("/reflect answer We tried wait time.", "/reflect answer p12 share:team -- We tried wait time."), label=N_("Answer"), common=True,
        )  # fmt: skip
        about = N_("Open prompts, with Answer buttons")
        return (
            CommandHandler(Command("reflect", "", about, label=N_("Reflections")), Reads(show_open_prompts)),
            CommandHandler(
                Command("reflect", "now", about, label=N_("Open prompts"), repeats=True),
                Reads(show_open_prompts),
            ),
            CommandHandler(answer, Writes(self.answer_prompt)),
        )

    def buttons(self) -> Sequence[ButtonHandler]:
        """The buttons under a prompt, and the one that shows what is open."""
        return (
            ButtonHandler("reflect.skip", Writes(skip_prompt)),
            ButtonHandler("reflect.unskip", Writes(unskip_prompt)),
            ButtonHandler("reflect.hints", Reads(show_hints)),
            ButtonHandler("reflect.open", Reads(show_open_prompts)),
        )

    def forms(self) -> Sequence[FormHandler]:
        """The answer form behind a prompt's button."""
        return (FormHandler("reflect.answer", Reads(self.build_form), Writes(self.submit_answer)),)

    def completions(self) -> Sequence[Completion]:
        """Open prompts while somebody types."""
        return (Completion("reflect answer", "prompt", _prompt_choices),)

    def answer_prompt(self, conn: Connection, request: Request) -> Card | Form:
        """Answer in one line, or open the form, filled with what was understood."""
        text = request.text("text")
        here = self._meant(conn, request, request.number("prompt"), text)
        if isinstance(here, Card):
            return here
        sharing = Sharing(request.text("share")) if request.text("share") else None
        simple = len(here.prompt.questions) == 1 and here.prompt.questions[0].answer.free_text
        if len(text) > LIMIT:
            problem, fix = answer_cards.long_text_problem(len(text), LIMIT)
            raise Refusal(problem, fix, text)
        if not text or not simple or self._is_in_messages(conn, request, here):
            return self._form(conn, request, here, sharing, text)
        values: dict[str, object] = {"q0": text, "sharing": sharing.value if sharing else None}
        answer, _ = self.answers.submit_form(conn, request, here, values)
        return self.answers.receipts.receipt(conn, answer, here, new=answer.first_at == request.now)

    @staticmethod
    def _is_in_messages(conn: Connection, request: Request, here: AskedPrompt) -> bool:
        """Whether some of the answer was written in messages: nobody replaces that without seeing it."""
        before = tables.find_answer_of_member(conn, here.id, request.member.id)
        return before is not None and any(one.via != "form" for one in before.parts)

    def build_form(self, conn: Connection, request: Request) -> Form | Card:
        """The answer form behind a prompt's button."""
        if not request.value:  # from the platform's menu, where nobody could say which
            meant = self._meant(conn, request, None, "")
            return meant if isinstance(meant, Card) else self._form(conn, request, meant)
        here = asked_prompts.find_asked_prompt(conn, request.community.id, read_id(request.value))
        if here is None:
            raise Refusal(_("That prompt is no longer here."), _("`/reflect` shows what is open."))
        return self._form(conn, request, here)

    def submit_answer(self, conn: Connection, request: Request) -> Card:
        """Store what was written in the form."""
        here = asked_prompts.find_asked_prompt(conn, request.community.id, read_id(request.value))
        if here is None:
            returning = "\n\n".join(map(str, request.values.values()))
            raise Refusal(_("That prompt is no longer here."), "", returning)
        answer, replaced = self.answers.submit_form(conn, request, here, request.values)
        new = answer.first_at == request.now
        return self.answers.receipts.receipt(conn, answer, here, new=new, replaced=replaced)

    def _form(
        self, conn: Connection, request: Request, here: AskedPrompt, sharing: Sharing | None = None, text: str = ""
    ) -> Form:  # fmt: skip
        self.answers.check_open(request, here, text)
        return answer_form.build_answer_form(conn, request, here, sharing, text)

    def _meant(
        self, conn: Connection, request: Request, prompt_id: int | None, text: str
    ) -> AskedPrompt | Card:
        """Which open prompt somebody means: the one they named, or the only one; or a card that asks."""
        prompts = asked_prompts.list_open_prompts(conn, request.community.id, request.now)
        if prompt_id is not None:
            here = asked_prompts.by_prompt(conn, request.community.id, prompt_id)
            if here is None:
                problem = _("There is no prompt {id}.", id=f"p{prompt_id}")
                if not prompts:
                    raise Refusal(problem, _("No prompt is open right now."), text)
                raise UnclearOption("prompt", _("{problem} Open now:", problem=problem), _named(prompts))
            self.answers.check_open(request, here, text)
            return here
        if not prompts:
            raise Refusal(_("No prompt is open right now."), "", text)
        if len(prompts) > 1 and text:
            raise UnclearOption("prompt", _("Which prompt do you want to answer?"), _named(prompts))
        if len(prompts) > 1:
            return cards.open_prompts_card(prompts, set(), request.community.zone)
        return prompts[0]


def _named(prompts: Sequence[AskedPrompt]) -> list[tuple[str, str]]:
    """Open prompts by what a command calls them."""
    return [(f"p{one.prompt_id}", one.prompt.title) for one in prompts]


def show_open_prompts(conn: Connection, request: Request) -> Card:
    """The open prompts, with buttons."""
    prompts = asked_prompts.list_open_prompts(conn, request.community.id, request.now)
    done = {
        one.id for one in prompts if tables.find_answer_of_member(conn, one.id, request.member.id) is not None
    }
    coming = find_next_prompt(conn, request.community.id, request.person, request.now)
    return cards.open_prompts_card(prompts, done, request.community.zone, coming)


def home_blocks(conn: Connection, request: Request) -> Sequence[Block]:
    """The open prompts, for the bot's own page."""
    return show_open_prompts(conn, request).blocks


def skip_prompt(conn: Connection, request: Request) -> Card:
    """Not this week: no reminder, and nobody learns of it."""
    here = asked_prompts.find_asked_prompt(conn, request.community.id, read_id(request.value))
    if here is not None:
        skips.skip_prompt(conn, here, request.member.id)
        mark_own_card(conn, here, request.member.id, request.now)
    undo = Button(_("Undo"), does="reflect.unskip", value=request.value)
    words = _("You get no reminder about this prompt. Nobody else learns that you skipped it.")
    return say(_("Skipped this week"), Markdown(words), Buttons((undo,)))


def unskip_prompt(conn: Connection, request: Request) -> Card:
    """Undo "Not this week", with the way to answer."""
    here = asked_prompts.find_asked_prompt(conn, request.community.id, read_id(request.value, "o"))
    if here is None or here.closed:
        raise Refusal(_("That prompt is closed now."))
    skips.unskip_prompt(conn, here, request.member.id)
    mark_own_card(conn, here, request.member.id, request.now)
    words = _("You take part in *{title}* again.", title=here.prompt.title)
    return replace(
        say(_("Undone"), Markdown(words), answer_buttons(here.id, anonymous=here.anonymous)), replaces=True
    )


def _prompt_choices(conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
    found = asked_prompts.list_open_prompts(conn, request.community.id, request.now)
    return ((f"p{one.prompt_id}", one.prompt.title) for one in found)
