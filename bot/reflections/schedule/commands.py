"""What `/prompt` offers: its commands, buttons, forms and the choices while somebody types."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.chat.menu import Command, Option, OptionKind, Shortcut
from bot.chat.models import Refusal, Role
from bot.feature import ButtonHandler, CommandHandler, Completion, FormHandler, Request, Waits
from bot.reflections.prompts.bank_commands import MOVES, BankCommands
from bot.reflections.prompts.import_export import BankImportExport
from bot.reflections.prompts.suggestion_commands import SuggestionCommands
from bot.reflections.schedule.approval import PromptApproval
from bot.reflections.schedule.drafts import APPROVERS, LATE, PromptScheduleDrafts
from bot.reflections.schedule.edit import FOLLOWING, THIS, PromptScheduleEdits
from bot.reflections.schedule.lifecycle import PromptScheduleLifecycle
from bot.reflections.schedule.settings import Unapproved
from bot.schedules.tables import BreakPolicy

SHORTCUTS = (
    Shortcut(
        "reflect.suggest", "Suggest as prompt", "Suggest a message to the moderators as a prompt", opens=True
    ),
)

_SCHEDULE = Option(
    "schedule", "Which schedule", OptionKind.ID, required=True, positional=True, letter="s", completes=True
)
_PROMPT = Option(
    "prompt", "Which prompt", OptionKind.ID, required=True, positional=True, letter="p", completes=True
)
_DATE = Option("occurrence", "Which date", OptionKind.ID, positional=True, letter="o", completes=True)
_DECK = Option("deck", "Which deck", completes=True)
_TERMS = (
    Option("deck", "Which deck; several with commas, the first comes first", completes=True),
    Option("closes", "How long it stays open, like 4d", OptionKind.DURATION),
    Option("tag", "Only prompts with this tag"),
    Option("headsup", "Show it to moderators so long before, like 2h", OptionKind.DURATION),
    Option("approve", "Whose word it needs", OptionKind.CHOICE, choices=tuple(APPROVERS)),
    Option(
        "unapproved", "Without that word", OptionKind.CHOICE, choices=tuple(one.value for one in Unapproved)
    ),
    Option("breaks", "In breaks", OptionKind.CHOICE, choices=tuple(one.value for one in BreakPolicy)),
    Option("late", "When I was away too long", OptionKind.CHOICE, choices=tuple(LATE)),
)


_WHICH, _MOD = (_SCHEDULE,), Role.MODERATOR
_RHYTHM = (
    Command("prompt", "", "What is due", role=_MOD),
    Command(
        "prompt", "schedule", "Ask a prompt of a deck on a rhythm",
        (
            Option("channel", "Where to ask", OptionKind.CHANNEL, required=True, positional=True),
            Option("when", "The rhythm, like every mon 09:00", OptionKind.RHYTHM, required=True, positional=True),
            Option("to", "Into the channel, or to each member", OptionKind.CHOICE, choices=("channel", "dm")),
            Option("also", "Another channel here to ask in", OptionKind.CHANNEL),
            *_TERMS,
            Option("pings", "A role or group to call; only an admin can allow it"),
        ),
        role=_MOD, opens=True,
        examples=(
            "/prompt schedule #staffroom every mon 09:00 deck:a-year-of-noticing",
            "/prompt schedule #staffroom every mon 09:00 headsup:2h approve:moderator",
        ),
    ),
    Command(
        "prompt", "queue", "What is due, with its state and reason",
        (Option("days", "How far ahead", OptionKind.NUMBER),), role=_MOD,
    ),
    Command(
        "prompt", "list", "The decks and schedules, or the prompts of a deck",
        (_DECK, Option("tag", "With this tag"), Option("find", "With this word in them")),
        role=_MOD, examples=("/prompt list deck:a-year-of-noticing find:hallway",),
    ),
    Command("prompt", "now", "Ask the next prompt at once", _WHICH, role=_MOD),
    Command(
        "prompt", "pause", "Let a schedule rest",
        (_SCHEDULE, Option("until", "The first day on which it asks again", OptionKind.DAY)),
        role=_MOD, examples=("/prompt pause s3 until:5 jan",),
    ),
    Command("prompt", "resume", "Let a schedule go on", _WHICH, role=_MOD),
    Command(
        "prompt", "skip", "Leave out one date", (replace(_SCHEDULE, required=False), _DATE), role=_MOD,
        examples=("/prompt skip s3", "/prompt skip o57"),
    ),
    Command(
        "prompt", "unskip", "Take back that a date was left out", (replace(_DATE, required=True),), role=_MOD
    ),
    Command("prompt", "delete", "Take a schedule away", _WHICH, role=_MOD),
    Command(
        "prompt", "place", "Ask in one more place: a channel here, or write it in another space",
        (
            _SCHEDULE,
            Option("channel", "Which channel", OptionKind.CHANNEL, required=True, positional=True),
            Option("remove", "No longer ask there", OptionKind.YES_NO),
        ),
        role=_MOD, examples=("/prompt place s3 #staffroom",),
    ),
    Command(
        "prompt", "pings", "Let a schedule call one role or group here; without one, nobody",
        (_SCHEDULE, Option("group", "Which role or group", positional=True)),
        role=Role.ADMIN, examples=("/prompt pings s3 @teachers",),
    ),
)  # fmt: skip
_BANK = (
    Command("prompt", "add", "Write a new prompt", (_DECK,), role=_MOD, opens=True),
    Command(
        "prompt", "edit", "Edit a prompt nobody has read, or a schedule",
        (
            replace(_PROMPT, required=False), replace(_SCHEDULE, required=False),
            Option("when", "A new rhythm, or for one date a new time", OptionKind.COMING),
            *_TERMS,
            Option("scope", "This one, or this and all that follow", OptionKind.CHOICE, choices=(FOLLOWING, THIS)),
        ),
        role=_MOD, opens=True,
        examples=("/prompt edit p12", '/prompt edit s3 when:"tue 10:00" scope:this'),
    ),
    Command("prompt", "show", "One prompt with everything about it", (_PROMPT,), role=_MOD),
    Command("prompt", "retire", "Ask a prompt no more", (_PROMPT,), role=_MOD),
    Command("prompt", "unretire", "Let a prompt be asked again", (_PROMPT,), role=_MOD),
    Command(
        "prompt", "tag", "Give a prompt tags, in place of those it has",
        (_PROMPT, Option("tags", "Tags with spaces between", OptionKind.TEXT)), role=_MOD,
        examples=("/prompt tag p12 -- term1 wellbeing",),
    ),
    Command(
        "prompt", "move", "Put a prompt into the queue that is asked before anything is drawn",
        (_PROMPT, Option("to", "Where", OptionKind.CHOICE, positional=True, choices=MOVES)), role=_MOD,
        examples=("/prompt move p12 top",),
    ),
    Command(
        "prompt", "import", "Take in many prompts: a content file, or one question a line",
        (_DECK, Option("text", "The prompts", OptionKind.TEXT)), role=_MOD, opens=True,
    ),
    Command("prompt", "export", "What was written in chat, as a content file", (_DECK,), role=_MOD),
    Command("prompt", "review", "Decide about prompts that members suggest", role=_MOD),
)  # fmt: skip
_SUGGEST = Command(
    "reflect", "suggest", "Suggest a prompt to the moderators",
    (_DECK, Option("text", "Your question", OptionKind.TEXT)),
    opens=True, examples=("/reflect suggest -- Who made you laugh this week?",),
)  # fmt: skip


class PromptCommands:
    """Everything under `/prompt`, and `/reflect suggest`."""

    def __init__(
        self, banking: BankCommands, stocking: BankImportExport, drafts: PromptScheduleDrafts, scheduling: PromptScheduleLifecycle, changing: PromptScheduleEdits,
        showing: PromptApproval, suggesting: SuggestionCommands,
    ) -> None:  # fmt: skip
        self._banking, self._stocking, self._drafts, self._scheduling = banking, stocking, drafts, scheduling
        self._changing, self._showing, self._suggesting = changing, showing, suggesting

    async def _edit(self, request: Request) -> Card | Form:
        """Edit a prompt or a schedule, whichever was named."""
        if request.number("schedule") is not None:
            return await self._changing.edit(request)
        if request.number("prompt") is None:
            raise Refusal("Edit what?", "Name a prompt (p12) or a schedule (s3).", request.line)
        return await self._banking.edit(request)

    async def _list(self, request: Request) -> Card:
        """The decks and schedules, or the prompts of a deck."""
        if any(request.text(name) for name in ("deck", "tag", "find")):
            return await self._banking.listing(request)
        return await self._scheduling.lists(request)

    def commands(self) -> tuple[CommandHandler, ...]:
        """The commands of moderators, and the one with which members suggest."""
        bank, many, running = self._banking, self._stocking, self._scheduling
        answers: dict[str, Callable[[Request], Awaitable[Card | Form]]] = {
            "": running.queue,
            "schedule": self._drafts.schedule,
            "queue": running.queue,
            "list": self._list,
            "now": running.now,
            "pause": running.pause,
            "resume": running.resume,
            "skip": running.skip,
            "unskip": running.unskip,
            "delete": running.delete,
            "place": self._changing.place,
            "pings": self._changing.pings,
            "add": bank.add,
            "edit": self._edit,
            "show": bank.show,
            "retire": bank.retire,
            "unretire": bank.unretire,
            "tag": bank.tag,
            "move": bank.move,
            "import": many.take_in,
            "export": many.export,
            "review": self._suggesting.review,
        }
        moderators = (CommandHandler(command, Waits(answers[command.verb])) for command in (*_RHYTHM, *_BANK))
        return (*moderators, CommandHandler(_SUGGEST, Waits(self._suggesting.suggest)))

    def actions(self) -> tuple[ButtonHandler, ...]:
        """The buttons of moderators."""
        found = {
            "confirm": self._drafts.confirm,
            "cancel": self._drafts.cancel,
            "page": self._banking.page,
            "retire": self._banking.retire,
            "unretire": self._banking.unretire,
            "top": self._banking.top,
            "review": self._suggesting.review,
            "accept": self._suggesting.accept,
            "approve": self._showing.approve,
            "another": self._showing.another,
            "leave": self._showing.leave,
            "skip": self._scheduling.skip,
            "unskip": self._scheduling.unskip,
            "post": self._scheduling.post,
            "again": self._scheduling.again,
            "resume": self._scheduling.resume,
            "undelete": self._scheduling.undelete,
        }
        return tuple(ButtonHandler(f"prompt.{name}", Waits(do), Role.MODERATOR) for name, do in found.items())

    def forms(self) -> tuple[FormHandler, ...]:
        """The forms of moderators, and the one with which members suggest."""
        banking, role = self._banking, Role.MODERATOR
        return (
            FormHandler("prompt.schedule", Waits(self._drafts.build), Waits(self._drafts.take), role),
            FormHandler("prompt.change", Waits(self._changing.build), Waits(self._changing.take), role),
            FormHandler("prompt.add", Waits(banking.add), Waits(banking.take_new), role),
            FormHandler("prompt.edit", Waits(banking.edit), Waits(banking.take_edit), role),
            FormHandler(
                "prompt.import", Waits(self._stocking.import_form), Waits(self._stocking.take_import), role
            ),
            FormHandler(
                "prompt.take", Waits(self._suggesting.edit), Waits(self._suggesting.take_edited), role
            ),
            FormHandler(
                "prompt.decline", Waits(self._suggesting.ask_reason), Waits(self._suggesting.decline), role
            ),
            FormHandler("reflect.suggest", Waits(self._suggesting.form), Waits(self._suggesting.take)),
        )

    def completions(self) -> tuple[Completion, ...]:
        """Choices while typing: titles, never bare ids."""
        decks = (
            "prompt schedule",
            "prompt list",
            "prompt add",
            "prompt edit",
            "prompt import",
            "prompt export",
            "reflect suggest",
        )
        schedules = ("now", "pause", "resume", "skip", "delete", "place", "pings", "edit")
        prompts = ("edit", "show", "retire", "unretire", "tag", "move")
        return (
            *(Completion(path, "deck", self._banking.decks_like, matched=True) for path in decks),
            *(Completion(f"prompt {verb}", "schedule", self._scheduling.like) for verb in schedules),
            *(Completion(f"prompt {verb}", "prompt", self._banking.like) for verb in prompts),
            *(
                Completion(f"prompt {verb}", "occurrence", self._scheduling.dates_like)
                for verb in ("skip", "unskip")
            ),
        )
