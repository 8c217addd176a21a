"""What `/prompt` offers beside the verbs of every scheduled post: places, pings, and verbs that prompts share."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from bot.chat.cards import Card, ChannelLink, compose
from bot.chat.forms import Form
from bot.chat.language import N_, _, ngettext
from bot.chat.mass_mentions import group_mention
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Refusal, Role, UnclearOption
from bot.chat.parsing.button_values import read_id
from bot.feature import ButtonHandler, CommandHandler, Completion, Reads, Request, Writes, note_change
from bot.reflections.prompts import bank_commands, editor, selection
from bot.reflections.prompts.options import DECK, PROMPT
from bot.reflections.schedule.kind import PromptKind
from bot.reflections.schedule.pings_cards import pings_card
from bot.reflections.schedule.settings import source_of
from bot.scheduled_posts.approval import too_late
from bot.scheduled_posts.cards import done_card
from bot.scheduled_posts.direct_reach import refuse_unreachable
from bot.scheduled_posts.drafts import state_of
from bot.scheduled_posts.ids import OPEN, find_schedule, named_date, named_schedule, upcoming_of
from bot.scheduled_posts.options import read_pings
from bot.scheduled_posts.verbs import MOD, PostVerbs, which_schedule
from bot.schedules import edits
from bot.schedules.model import BY_HAND, Schedule, SchedulePlace


class PromptCommands:
    """The commands and buttons of `/prompt` for schedules."""

    def __init__(self, kind: PromptKind, verbs: PostVerbs) -> None:
        self._kind, self._verbs = kind, verbs

    def commands(self) -> tuple[CommandHandler, ...]:
        """The verbs of every scheduled post, those that a prompt and a schedule share, and those of prompts alone."""
        which = which_schedule(self._kind)
        table = {one.command.verb: one for one in self._verbs.commands()}
        either = (replace(PROMPT, required=False), replace(which, required=False))
        edit, due = (table[verb].command for verb in ("edit", "list"))
        edited = Command(
            "prompt", "edit", N_("Change a schedule, or a prompt nobody has read"),
            (*either, *(one for one in edit.options if one.name != "schedule")), MOD, opens=True,
            examples=("/prompt edit p12", '/prompt edit s3 when:"tue 10am" scope:this'), label=N_("Change one"),
        )  # fmt: skip
        shown = Command(
            "prompt",
            "show",
            N_("A schedule or a prompt, with everything about it"),
            either,
            MOD,
            label=N_("See one"),
        )
        listed = Command(
            "prompt", "list", N_("What is due, with its state and reason; or the prompts of a deck"),
            (*due.options, DECK, Option("tag", N_("With this tag")), Option("find", N_("With this word in them"))), MOD,
            examples=("/prompt list deck:a-year-of-noticing find:hallway",), label=N_("What is due"),
        )  # fmt: skip
        table |= {
            "edit": CommandHandler(edited, Writes(self.edit, self._verbs.places.check_command)),
            "show": CommandHandler(shown, Reads(self.show)),
            "list": CommandHandler(listed, Reads(self.list_due)),
        }
        return (*table.values(), *self._own_commands(which))

    def _own_commands(self, which: Option) -> tuple[CommandHandler, ...]:
        place = Command(
            "prompt", "place", N_("Ask in one more channel; to add one of another space, write the command "
                                  "there"),
            (
                which, Option("channel", N_("Which channel"), OptionKind.CHANNEL, required=True, positional=True),
                Option("remove", N_("No longer ask there"), OptionKind.YES_NO),
            ),
            MOD, examples=("/prompt place s3 #staffroom",), label=N_("Add a channel"),
        )  # fmt: skip
        pings = Command(
            "prompt", "pings", N_("See or choose the one role or group that a schedule notifies here"),
            (which, Option("group", N_("Which role or group"), OptionKind.GROUP, positional=True)),
            Role.ADMIN, examples=("/prompt pings s3 @teachers",), label=N_("Ping a group"),
        )  # fmt: skip
        return CommandHandler(
            place, Writes(self.set_place, self._verbs.places.check_command)
        ), CommandHandler(pings, Writes(self.set_pings))

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """The button of a heads-up that only prompts have."""
        return (ButtonHandler("prompt.another", Writes(self.choose_another), MOD),)

    def completions(self) -> tuple[Completion, ...]:
        """Choices while typing, of the verbs that are not in the table."""
        choices = self._verbs.due_list.schedule_choices
        return (*(Completion(f"prompt {verb}", "schedule", choices) for verb in ("place", "pings")),)

    # ── shared with prompts ───────────────────────────────────────────────────

    def edit(self, conn: Connection, request: Request) -> Card | Form:
        """Edit a prompt or a schedule, whichever was named."""
        if request.number("schedule") is not None:
            return self._verbs.edits.edit(conn, request)
        if request.number("prompt") is None:
            raise UnclearOption("schedule", _("Which schedule do you want to change?"))
        return editor.build_edit_form(conn, request)

    def show(self, conn: Connection, request: Request) -> Card:
        """Show a prompt or a schedule, whichever was named."""
        if request.number("prompt") is not None:
            return bank_commands.show_prompt(conn, request)
        if request.number("schedule") is None:
            raise UnclearOption("schedule", _("Which schedule do you want to see?"))
        return self._verbs.show(conn, request)

    def list_due(self, conn: Connection, request: Request) -> Card:
        """What is due, or the prompts of a deck."""
        if any(request.text(name) for name in ("deck", "tag", "find")):
            return bank_commands.list_prompts(conn, request)
        return self._verbs.due_list.list_due(conn, request)

    # ── only prompts ──────────────────────────────────────────────────────────

    def choose_another(self, conn: Connection, request: Request) -> Card:
        """Choose the next prompt of the decks instead; what was approved has to be approved again."""
        schedule, row = named_date(conn, self._kind, request)
        if row.state not in OPEN or row.reason == BY_HAND:
            raise Refusal(*too_late(self._kind, row.state))
        upcoming = upcoming_of(schedule, row)
        now_chosen = self._kind.chosen_prompt(conn, upcoming)
        line = selection.next_prompts(conn, schedule.community_id, source_of(schedule), [upcoming.at] * 40)
        at = next((n for n, each in enumerate(line) if now_chosen and each.id == now_chosen.id), -1)
        turned = (*line[at + 1 :], *line[: at + 1])
        other = next((one for one in turned if now_chosen is None or one.id != now_chosen.id), None)
        if other is None:
            raise Refusal(_("There is no other prompt."), _("`/prompt add` makes one."))
        before = {"prompt": f"p{now_chosen.id}" if now_chosen else None}
        note_change(conn, request, "chose", f"{schedule.name} {row.key}", before, {"prompt": f"p{other.id}"})
        return self._verbs.approval.choose(conn, request, schedule, row, other.id)

    def set_place(self, conn: Connection, request: Request) -> Card:
        """Ask in another channel too, here or in another space, or no longer in one."""
        channel, gone = str(request.values["channel"]), bool(request.values.get("remove"))
        found = named_schedule(conn, self._kind, request)
        spot = SchedulePlace(request.place.space, channel)
        left = tuple(one for one in found.places if one.place != spot.place)
        if gone and left == found.places:
            problem = _("{schedule} does not ask there.", schedule=found.name)
            raise Refusal(problem, _("`/prompt list` shows the schedules."), request.line)
        if gone and not left:
            fix = _("Add another first, or {command}.", command=f"`/prompt cancel {found.name}`")
            raise Refusal(_("That is its only place."), fix, request.line)
        if found.direct and not gone and (refused := refuse_unreachable(conn, request, [spot])) is not None:
            return refused
        places = left if gone else found.places if left != found.places else (*found.places, spot)
        going = self._change_places(conn, request, found, places, "changed")
        told = _("{schedule} no longer asks in {channel}.") if gone else _("{schedule} asks in {channel}.")
        said = list(compose(told, schedule=found.name, channel=ChannelLink(channel)))
        if len(places) > 1:
            total = ngettext(
                "It has {count} place: one prompt, one set of answers.",
                "It has {count} places: one prompt, one set of answers.",
                len(places),
            )
            said.append(f" {total}")
        if going:
            said.append(" " + _("One that is going out already stays as it was."))
        return done_card(tuple(said))

    def set_pings(self, conn: Connection, request: Request) -> Card:
        """Let a schedule call one group where this was written, or no group any more; where neither is said, show what stands."""
        group, here = read_pings(request.values.get("group"), request), request.place.space
        found = named_schedule(conn, self._kind, request)
        if found.direct or not any(one.space == here for one in found.places):
            problem = _("{schedule} posts in no channel here.", schedule=found.name)
            raise Refusal(problem, _("Write this where it posts."), request.line)
        if not request.values.get("group"):
            return pings_card(found.name or "", next(one.pings for one in found.places if one.space == here))
        places = tuple(replace(one, pings=group) if one.space == here else one for one in found.places)
        self._change_places(conn, request, found, places, "granted a call")
        if not group:
            return done_card(_("{schedule} notifies no group here.", schedule=found.name))
        said = _("{schedule} notifies {group} when it posts here.")
        return done_card(compose(said, schedule=found.name, group=group_mention(group)))

    def _change_places(
        self, conn: Connection, request: Request, found: Schedule, places: tuple[SchedulePlace, ...], what: str
    ) -> bool:  # fmt: skip
        going = edits.change_schedule(conn, found.community_id, found.id, request.now, places=places)
        after = find_schedule(conn, self._kind, request, read_id(found.name or ""))
        note_change(conn, request, what, found.name or "", state_of(found), state_of(after))
        return bool(going)
