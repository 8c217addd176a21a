"""What `/prompt` offers: its commands, buttons, forms and the choices while somebody types."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.chat.menu import Command, Kind, Option, Shortcut
from bot.chat.models import Refusal, Role
from bot.feature import Action, Answerer, Ask, Completion, Questionnaire
from bot.reflections.prompts.bank_commands import MOVES, Banking
from bot.reflections.prompts.import_export import Stocking
from bot.reflections.prompts.suggestion_commands import Suggesting
from bot.reflections.schedule.approval import Showing
from bot.reflections.schedule.drafts import APPROVERS, LATE, Drafts
from bot.reflections.schedule.edit import FOLLOWING, THIS, Changing
from bot.reflections.schedule.lifecycle import Scheduling
from bot.reflections.schedule.settings import Unapproved
from bot.schedules.tables import BreakPolicy

SHORTCUTS = (
    Shortcut(
        "reflect.suggest", "Suggest as prompt", "Suggest a message to the moderators as a prompt", opens=True
    ),
)

_SCHEDULE = Option(
    "schedule", "Which schedule", Kind.ID, required=True, positional=True, letter="s", completes=True
)
_PROMPT = Option(
    "prompt", "Which prompt", Kind.ID, required=True, positional=True, letter="p", completes=True
)
_DATE = Option("occurrence", "Which date", Kind.ID, positional=True, letter="o", completes=True)
_DECK = Option("deck", "Which deck", completes=True)
_TERMS = (
    Option("deck", "Which deck; several with commas, the first comes first", completes=True),
    Option("closes", "How long it stays open, like 4d", Kind.DURATION),
    Option("tag", "Only prompts with this tag"),
    Option("headsup", "Show it to moderators so long before, like 2h", Kind.DURATION),
    Option("approve", "Whose word it needs", Kind.CHOICE, choices=tuple(APPROVERS)),
    Option("unapproved", "Without that word", Kind.CHOICE, choices=tuple(one.value for one in Unapproved)),
    Option("breaks", "In breaks", Kind.CHOICE, choices=tuple(one.value for one in BreakPolicy)),
    Option("late", "When I was away too long", Kind.CHOICE, choices=tuple(LATE)),
)


_WHICH, _MOD = (_SCHEDULE,), Role.MODERATOR
_RHYTHM = (
    Command("prompt", "", "What is due", role=_MOD),
    Command(
        "prompt", "schedule", "Ask a prompt of a deck on a rhythm",
        (
            Option("channel", "Where to ask", Kind.CHANNEL, required=True, positional=True),
            Option("when", "The rhythm, like every mon 09:00", Kind.RHYTHM, required=True, positional=True),
            Option("to", "Into the channel, or to each member", Kind.CHOICE, choices=("channel", "dm")),
            Option("also", "Another channel here to ask in", Kind.CHANNEL),
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
        (Option("days", "How far ahead", Kind.NUMBER),), role=_MOD,
    ),
    Command(
        "prompt", "list", "The decks and schedules, or the prompts of a deck",
        (_DECK, Option("tag", "With this tag"), Option("find", "With this word in them")),
        role=_MOD, examples=("/prompt list deck:a-year-of-noticing find:hallway",),
    ),
    Command("prompt", "now", "Ask the next prompt at once", _WHICH, role=_MOD),
    Command(
        "prompt", "pause", "Let a schedule rest",
        (_SCHEDULE, Option("until", "The first day on which it asks again", Kind.DAY)),
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
            Option("channel", "Which channel", Kind.CHANNEL, required=True, positional=True),
            Option("remove", "No longer ask there", Kind.YES_NO),
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
            Option("when", "A new rhythm, or for one date a new time", Kind.COMING),
            *_TERMS,
            Option("scope", "This one, or this and all that follow", Kind.CHOICE, choices=(FOLLOWING, THIS)),
        ),
        role=_MOD, opens=True,
        examples=("/prompt edit p12", '/prompt edit s3 when:"tue 10:00" scope:this'),
    ),
    Command("prompt", "show", "One prompt with everything about it", (_PROMPT,), role=_MOD),
    Command("prompt", "retire", "Ask a prompt no more", (_PROMPT,), role=_MOD),
    Command("prompt", "unretire", "Let a prompt be asked again", (_PROMPT,), role=_MOD),
    Command(
        "prompt", "tag", "Give a prompt tags, in place of those it has",
        (_PROMPT, Option("tags", "Tags with spaces between", Kind.TEXT)), role=_MOD,
        examples=("/prompt tag p12 -- term1 wellbeing",),
    ),
    Command(
        "prompt", "move", "Put a prompt into the queue that is asked before anything is drawn",
        (_PROMPT, Option("to", "Where", Kind.CHOICE, positional=True, choices=MOVES)), role=_MOD,
        examples=("/prompt move p12 top",),
    ),
    Command(
        "prompt", "import", "Take in many prompts: a content file, or one question a line",
        (_DECK, Option("text", "The prompts", Kind.TEXT)), role=_MOD, opens=True,
    ),
    Command("prompt", "export", "What was written in chat, as a content file", (_DECK,), role=_MOD),
    Command("prompt", "review", "Decide about prompts that members suggest", role=_MOD),
)  # fmt: skip
_SUGGEST = Command(
    "reflect", "suggest", "Suggest a prompt to the moderators",
    (_DECK, Option("text", "Your question", Kind.TEXT)),
    opens=True, examples=("/reflect suggest -- Who made you laugh this week?",),
)  # fmt: skip


class Moderating:
    """Everything under `/prompt`, and `/reflect suggest`."""

    def __init__(
        self, banking: Banking, stocking: Stocking, drafts: Drafts, scheduling: Scheduling, changing: Changing,
        showing: Showing, suggesting: Suggesting,
    ) -> None:  # fmt: skip
        self._banking, self._stocking, self._drafts, self._scheduling = banking, stocking, drafts, scheduling
        self._changing, self._showing, self._suggesting = changing, showing, suggesting

    async def _edit(self, ask: Ask) -> Card | Form:
        """Edit a prompt or a schedule, whichever was named."""
        if ask.number("schedule") is not None:
            return await self._changing.edit(ask)
        if ask.number("prompt") is None:
            raise Refusal("Edit what?", "Name a prompt (p12) or a schedule (s3).", ask.line)
        return await self._banking.edit(ask)

    async def _list(self, ask: Ask) -> Card:
        """The decks and schedules, or the prompts of a deck."""
        if any(ask.text(name) for name in ("deck", "tag", "find")):
            return await self._banking.listing(ask)
        return await self._scheduling.lists(ask)

    def commands(self) -> tuple[Answerer, ...]:
        """The commands of moderators, and the one with which members suggest."""
        bank, many, running = self._banking, self._stocking, self._scheduling
        answers: dict[str, Callable[[Ask], Awaitable[Card | Form]]] = {
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
        moderators = (Answerer(command, answers[command.verb]) for command in (*_RHYTHM, *_BANK))
        return (*moderators, Answerer(_SUGGEST, self._suggesting.suggest))

    def actions(self) -> tuple[Action, ...]:
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
        return tuple(Action(f"prompt.{name}", do, Role.MODERATOR) for name, do in found.items())

    def forms(self) -> tuple[Questionnaire, ...]:
        """The forms of moderators, and the one with which members suggest."""
        banking, role = self._banking, Role.MODERATOR
        return (
            Questionnaire("prompt.schedule", self._drafts.build, self._drafts.take, role),
            Questionnaire("prompt.change", self._changing.build, self._changing.take, role),
            Questionnaire("prompt.add", banking.add, banking.take_new, role),
            Questionnaire("prompt.edit", banking.edit, banking.take_edit, role),
            Questionnaire("prompt.import", self._stocking.import_form, self._stocking.take_import, role),
            Questionnaire("prompt.take", self._suggesting.edit, self._suggesting.take_edited, role),
            Questionnaire("prompt.decline", self._suggesting.ask_reason, self._suggesting.decline, role),
            Questionnaire("reflect.suggest", self._suggesting.form, self._suggesting.take),
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
            *(Completion(path, "deck", self._banking.decks_like) for path in decks),
            *(Completion(f"prompt {verb}", "schedule", self._scheduling.like) for verb in schedules),
            *(Completion(f"prompt {verb}", "prompt", self._banking.like) for verb in prompts),
            *(
                Completion(f"prompt {verb}", "occurrence", self._scheduling.dates_like)
                for verb in ("skip", "unskip")
            ),
        )
