"""What `/prompt` offers: its commands, buttons, forms and the choices while somebody types."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Refusal, Role
from bot.feature import ButtonHandler, CommandHandler, Completion, FormHandler, Request, Waits
from bot.reflections.prompts import bank_commands, editor
from bot.reflections.prompts.options import DECK, PROMPT
from bot.reflections.schedule.approval import PromptApproval
from bot.reflections.schedule.drafts import APPROVERS, LATE, PromptScheduleDrafts
from bot.reflections.schedule.edit import FOLLOWING, THIS, PromptScheduleEdits
from bot.reflections.schedule.lifecycle import PromptScheduleLifecycle
from bot.schedules.model import BreakPolicy, Unapproved
from bot.store.store import Store

_SCHEDULE = Option(
    "schedule", "Which schedule", OptionKind.ID, required=True, positional=True, letter="s", completes=True
)
_DATE = Option("occurrence", "Which date", OptionKind.ID, positional=True, letter="o", completes=True)
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
_COMMANDS = (
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
        (DECK, Option("tag", "With this tag"), Option("find", "With this word in them")),
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
    Command(
        "prompt", "edit", "Edit a prompt nobody has read, or a schedule",
        (
            replace(PROMPT, required=False), replace(_SCHEDULE, required=False),
            Option("when", "A new rhythm, or for one date a new time", OptionKind.COMING),
            *_TERMS,
            Option("scope", "This one, or this and all that follow", OptionKind.CHOICE, choices=(FOLLOWING, THIS)),
        ),
        role=_MOD, opens=True,
        examples=("/prompt edit p12", '/prompt edit s3 when:"tue 10:00" scope:this'),
    ),
)  # fmt: skip


class PromptCommands:
    """What `/prompt` offers for schedules, and the two commands that a prompt and a schedule share."""

    def __init__(
        self, store: Store, drafts: PromptScheduleDrafts, scheduling: PromptScheduleLifecycle,
        changing: PromptScheduleEdits, showing: PromptApproval,
    ) -> None:  # fmt: skip
        self._store, self._drafts, self._scheduling = store, drafts, scheduling
        self._changing, self._showing = changing, showing

    async def _edit(self, request: Request) -> Card | Form:
        """Edit a prompt or a schedule, whichever was named."""
        if request.number("schedule") is not None:
            return await self._changing.edit(request)
        if request.number("prompt") is None:
            raise Refusal("Edit what?", "Name a prompt (p12) or a schedule (s3).", request.line)
        return await self._store.read(lambda conn: editor.build_edit_form(conn, request))

    async def _list(self, request: Request) -> Card:
        """The decks and schedules, or the prompts of a deck."""
        if any(request.text(name) for name in ("deck", "tag", "find")):
            return await self._store.read(lambda conn: bank_commands.list_prompts(conn, request))
        return await self._scheduling.lists(request)

    def commands(self) -> tuple[CommandHandler, ...]:
        """The commands of moderators."""
        running = self._scheduling
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
            "edit": self._edit,
        }
        return tuple(CommandHandler(command, Waits(answers[command.verb])) for command in _COMMANDS)

    def actions(self) -> tuple[ButtonHandler, ...]:
        """The buttons of moderators."""
        found = {
            "confirm": self._drafts.confirm,
            "cancel": self._drafts.cancel,
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
        """The forms of moderators."""
        role = Role.MODERATOR
        return (
            FormHandler("prompt.schedule", Waits(self._drafts.build), Waits(self._drafts.take), role),
            FormHandler("prompt.change", Waits(self._changing.build), Waits(self._changing.take), role),
        )

    def completions(self) -> tuple[Completion, ...]:
        """Choices while typing: titles, never bare ids."""
        schedules = ("now", "pause", "resume", "skip", "delete", "place", "pings", "edit")
        return (
            *(Completion(f"prompt {verb}", "schedule", self._scheduling.like) for verb in schedules),
            *(
                Completion(f"prompt {verb}", "occurrence", self._scheduling.dates_like)
                for verb in ("skip", "unskip")
            ),
        )
