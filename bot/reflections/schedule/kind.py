"""Prompts as a kind of scheduled post: how their schedules are read, described, foretold and shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Connection

from bot.chat.cards import Block, Button, Card, Facts, Markdown, Note, Words
from bot.chat.forms import Choice, FieldErrors, Form, Pick, ShortText
from bot.chat.language import N_, _, ngettext
from bot.chat.menu import Option, OptionKind
from bot.chat.models import Refusal
from bot.feature import Request
from bot.people import tables as people
from bot.people.languages import speaking_to_all
from bot.reflections import cards
from bot.reflections.prompts import bank, bank_cards, deck_use, selection
from bot.reflections.prompts.bank import BankedPrompt
from bot.reflections.prompts.low_stock import Supplies
from bot.reflections.schedule import asked_prompts
from bot.reflections.schedule.anonymity import ANONYMOUS, describe_anonymous, read_anonymous, takes_anonymous
from bot.reflections.schedule.deck_choice import DECKS, name_decks, read_decks
from bot.reflections.schedule.settings import KIND, OPEN_FOR, RULE, PromptSettings, settings_of, source_of
from bot.scheduled_posts import headsups
from bot.scheduled_posts.cards import card_examples
from bot.scheduled_posts.edit import FOLLOWING, THIS, rule_text
from bot.scheduled_posts.examples import example_date
from bot.scheduled_posts.model import PostKind, PostPreview, RefusedPosts
from bot.scheduled_posts.options import read_tags, write_length
from bot.scheduled_posts.previews import preview_examples
from bot.schedules.forecast import ForecastEntry, UpcomingOccurrence
from bot.schedules.model import Occurrence, OccurrenceState, Schedule
from bot.schedules.reasons import EMPTY_DECK

TAG = Option("tag", N_("Only prompts with this tag"))
Change = Callable[[Connection, Request, Schedule, Mapping[str, object]], Card]


class PromptKind(PostKind):
    """Prompts: drawn from decks, one for each date."""

    kind, noun, letter, one = KIND, "prompt", "s", "prompt"
    next_comes, going_out = N_("The next prompt comes on {when}."), N_("One prompt is already going out.")
    home_label, plan_label = N_("Prompts"), N_("Plan a prompt")
    refusal = N_("The prompt “{title}” ({schedule}) was not posted in {channel}.")
    closes = OPEN_FOR
    plan_options = (
        Option("to", N_("Into the channel, or to each member"), OptionKind.CHOICE, choices=("channel", "dm")),
        Option("also", N_("Another channel here to ask in"), OptionKind.CHANNEL),
        DECKS,
        TAG,
        ANONYMOUS,
    )
    edit_options = (DECKS, TAG, ANONYMOUS)
    examples: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "schedule": (
            "/prompt schedule #staffroom every mon 9am deck:a-year-of-noticing",
            "/prompt schedule #staffroom every mon 9am headsup:2h approve:moderator",
            "/prompt schedule #staffroom on dec 5, jan 9 and feb 13 at 9am",
        ),
        "pause": ("/prompt pause s3 until:5 jan",),
        "skip": ("/prompt skip s3", "/prompt skip o57"),
    }

    def __init__(self, supplies: Supplies, refused: RefusedPosts) -> None:
        self._supplies, self.refused = supplies, refused
        self.change: Change | None = None

    def read_details(
        self, conn: Connection, request: Request, values: Mapping[str, object], _rule: str, old: Schedule | None,
        one: Occurrence | None = None,
    ) -> tuple[str, Mapping[str, Any]]:  # fmt: skip
        """The decks, the tag, and for a single date the prompt that moderators were shown for it."""
        before = settings_of(old) if old is not None else None
        decks = (
            before.decks
            if before is not None and not values.get("deck")
            else read_decks(conn, request, values)
        )
        tag = before.tag if before is not None else ""
        if values.get("tag"):
            tag = "" if values["tag"] == "none" else str(values["tag"]).removeprefix("#").lower()
        tags = before.tags if before is not None else ()
        if "tags" in values:
            tags = tuple(read_tags(values["tags"]))
        anonymous = read_anonymous(values, before)
        kept = None
        if one is not None and before is not None and decks == before.decks:
            row = headsups.find_headsup(conn, one.schedule_id, one.key)
            kept = row.choice if row is not None else None
        return decks[0], PromptSettings(decks, tag, kept, tags, anonymous).to_details()

    def describe(self, conn: Connection, schedule: Schedule) -> Sequence[tuple[str, Words]]:
        """The decks, and what it says of anonymous answers."""
        settings = settings_of(schedule)
        left = selection.count_supply(conn, schedule.community_id, source_of(schedule))
        decks = name_decks(settings.decks, settings.tag)
        words = ngettext("{deck} ({count} prompt)", "{deck} ({count} prompts)", left.total, deck=decks)
        return [(_("Deck"), words), *describe_anonymous(settings)]

    def summary(self, schedule: Schedule) -> str:
        """Where it draws from."""
        return _("from {decks}", decks=name_decks(settings_of(schedule).decks))

    def preview_blocks(self, conn: Connection, schedule: Schedule) -> Sequence[Block]:
        """Others who ask the same people from the same deck, and a deck that begins again soon."""
        return deck_use.list_notes(conn, schedule)

    def more(self, conn: Connection, request: Request) -> Sequence[Block]:
        """The decks, and what was put in front by hand."""
        decks = bank.count_by_deck(conn, request.community.id)
        rows = tuple(
            (deck, ngettext("{count} prompt", "{count} prompts", count)) for deck, count in decks.items()
        )
        blocks: list[Block] = [
            Markdown(_("**Decks**")),
            Facts(rows) if rows else Markdown(_("There is no deck yet.")),
            Note(_("/prompt list deck:… shows the prompts of a deck, with tag:… and find:… if you like.")),
        ]
        queue = bank.list_queue(conn, request.community.id)
        return [*blocks, *(bank_cards.hand_queue_card(queue).blocks if queue else ())]

    def check(self, conn: Connection, schedule: Schedule, now: datetime) -> None:
        """Tell of decks that run dry."""
        self._supplies.check(conn, schedule.community_id, now, only=schedule)

    def end(self, conn: Connection, schedule: Schedule, now: datetime) -> None:
        """Its decks are nobody's worry any more."""
        self._supplies.forget(conn, schedule, now)

    # ── what comes ────────────────────────────────────────────────────────────

    def foretell(
        self, conn: Connection, schedule: Schedule, ahead: Sequence[UpcomingOccurrence]
    ) -> list[ForecastEntry]:
        """The prompts that a schedule will draw; a warning where the last fresh one of its decks is used.

        Each schedule is told as if nobody else took from the hand-ordered queue meanwhile.
        """
        home, settings, source = schedule.community_id, settings_of(schedule), source_of(schedule)
        line = self._line(conn, schedule, [one for one in ahead if _draws(one)])
        at = ahead[0].at if ahead else None
        left, deck = selection.count_supply(conn, home, source, at).left, settings.decks[0]
        found = []
        for one in ahead:
            if one.state is OccurrenceState.QUEUED:
                here = asked_prompts.find_asked_prompt(conn, home, one.occurrence_id or 0)
                found.append(ForecastEntry(here.prompt.title if here is not None else ""))
                continue
            coming = line.get(one.key) if _draws(one) else None
            if coming is None:
                why = _(EMPTY_DECK, name=deck) if one.goes_out else ""
                found.append(ForecastEntry(warning=why, comes=not one.goes_out))
                continue
            left -= 1
            last = _("the last fresh prompt of {deck}; after it the deck begins again", deck=deck)
            found.append(ForecastEntry(coming.prompt.title, last if left == 0 else ""))
        return found

    def _line(
        self, conn: Connection, schedule: Schedule, going: Sequence[UpcomingOccurrence]
    ) -> dict[str, BankedPrompt]:
        """The prompt of each of these dates, by key: the one that is chosen for it, else the next that is not."""
        kept = settings_of(schedule).kept
        chosen: dict[str, int] = {}
        for one in going:
            row = headsups.find_headsup(conn, schedule.id, one.key)
            choice = kept if row is None or row.choice is None else row.choice
            if choice is not None and (row is None or row.over_at is None):
                chosen[one.key] = choice
        first = chosen.get(going[0].key) if going else None
        dates = [*(one.at for one in going), *([going[-1].at] * len(chosen) if going else ())]
        line = selection.next_prompts(conn, schedule.community_id, source_of(schedule), dates, first)
        found: dict[str, BankedPrompt] = {}
        for key, number in chosen.items():
            at = next((place for place, one in enumerate(line) if one.id == number), None)
            known = line.pop(at) if at is not None else bank.find_prompt(conn, schedule.community_id, number)
            if known is not None and known.retired_by is None:
                found[key] = known
        rest = iter(line)
        for one in going:
            if one.key not in found and (coming := next(rest, None)) is not None:
                found[one.key] = coming
        return found

    def chosen_prompt(self, conn: Connection, one: UpcomingOccurrence) -> BankedPrompt | None:
        """The prompt of one date: the one that was shown, else the next that no other date was shown."""
        schedule = one.schedule
        row = headsups.find_headsup(conn, schedule.id, one.key)
        kept = row.choice if row is not None and row.choice is not None else settings_of(schedule).kept
        source = source_of(schedule)
        if kept is not None:
            return selection.next_prompt(conn, schedule.community_id, source, one.at, kept)
        taken = headsups.chosen(conn, schedule.id)
        line = selection.next_prompts(conn, schedule.community_id, source, [one.at] * (len(taken) + 1))
        return next((each for each in line if each.id not in taken), line[0] if line else None)

    def show(self, conn: Connection, one: UpcomingOccurrence) -> PostPreview:
        """The prompt as it will look in a channel, or as a direct message to whoever gets the most help."""
        coming = self.chosen_prompt(conn, one)
        if coming is None:
            return PostPreview(None)
        zone = people.community_by_id(conn, one.schedule.community_id).zone
        closes = one.at + (one.schedule.open_for or OPEN_FOR)
        heard = all(people.visibility_of(conn, spot.space).replies for spot in one.schedule.places)
        anonymous, notes = takes_anonymous(conn, one.schedule, coming), cards.CardNotes(replies=heard)
        with speaking_to_all(conn, one.schedule.community_id, coming.prompt.language):
            in_channel = cards.prompt_card(0, coming.prompt, closes, zone, notes=notes, anonymous=anonymous)
            directly = cards.direct_card(0, coming.prompt, closes, zone, "full", anonymous=anonymous)
        buttons = (
            Button(_("Edit"), opens="prompt.edit", value=f"p{coming.id}"),
            Button(_("Another prompt"), does="prompt.another", value=f"{one.schedule.name}/{one.key}"),
        )
        return PostPreview(directly if one.schedule.direct else in_channel, buttons, coming.id)

    def take_choice(self, conn: Connection, schedule: Schedule, choice: int) -> None:
        """It leaves the hand-ordered queue: no other date asks it."""
        known = bank.find_prompt(conn, schedule.community_id, choice)
        if known is not None and known.turn is not None:
            bank.leave_queue(conn, schedule.community_id, choice)

    def new_form(self, conn: Connection, request: Request) -> Form:
        """Channel, time, deck, closing, and where it arrives."""
        decks = list(bank.count_by_deck(conn, request.community.id))
        if not decks:
            raise Refusal(
                _("There is no deck of prompts."), _("`/prompt add` or `/prompt import` makes one.")
            )
        when = request.values.get("when")
        named = request.text("deck") or request.value  # the button on a deck that nothing asks
        wanted = named if named in decks else decks[0]
        shown = [wanted, *(deck for deck in decks if deck != wanted)][:10]
        return Form(
            "prompt.new", _("A new prompt schedule"),
            (
                Pick("channel", _("Where to ask"), "channel", value=request.text("channel")),
                ShortText("when", _("When"), RULE, value=str(when[0]) if isinstance(when, tuple) else ""),
                Choice("deck", _("Which deck"), tuple((deck, deck) for deck in shown), value=wanted),
                ShortText("closes", _("How long it stays open"), "4d", required=False),
                Choice("to", _("Where it arrives"), (("channel", _("In the channel")), ("dm", _("As a direct message"))),
                       value=request.text("to") or "channel"),
            ),
            submit=_("Preview"),
        )  # fmt: skip

    def draft_form(self, _conn: Connection, request: Request, draft: Schedule) -> Form:
        """The same for a schedule that is not confirmed yet."""
        fields = _fields(draft, request.community.zone)
        return Form(
            "prompt.draft", _("Before it is planned"), fields, value=request.value, submit=_("Preview")
        )

    def edit_form(self, _conn: Connection, request: Request, schedule: Schedule) -> Form:
        """The same for a schedule that runs, with what it is to count for."""
        scopes = ((FOLLOWING, _("The next one and all that follow")), (THIS, _("Only the next one")))
        scope = Choice("scope", _("What changes"), scopes, value=request.text("scope") or FOLLOWING)
        fields = _fields(schedule, request.community.zone)
        title = _("Change {schedule}", schedule=schedule.name)
        return Form("prompt.change", title, (*fields, scope), value=schedule.name or "")

    def take_edit(
        self, conn: Connection, request: Request, schedule: Schedule, values: Mapping[str, object]
    ) -> Card | FieldErrors:
        """What was left as it was changes nothing."""
        given = {name: value for name, value in values.items() if name not in ("scope", "schedule")}
        if given.get("closes") is None:
            given.pop("closes", None)
        if self.change is None:
            raise LookupError("nobody changes prompt schedules")
        return self.change(conn, request, schedule, given)


def _fields(schedule: Schedule, zone: str) -> tuple[ShortText, ...]:
    headsup = schedule.headsup_minutes is not None and schedule.headsup is not None
    return (
        ShortText("when", _("When"), _("Only the next one: a time like tue 10am"), value=rule_text(schedule, zone)),
        ShortText("deck", _("Decks"), _("Put commas between several. I use the first one first."), value=",".join(settings_of(schedule).decks)),
        ShortText("closes", _("How long it stays open"), "4d", value=write_length(schedule.open_for or OPEN_FOR)),
        ShortText("headsup", _("Shown to moderators before"), _("2h; empty: not at all"), required=False,
                  value=write_length(schedule.headsup) if headsup else ""),
    )  # fmt: skip


def _draws(one: UpcomingOccurrence) -> bool:
    return one.goes_out or one.state is OccurrenceState.ASKED


def kind_examples() -> tuple[Card, ...]:
    """Every card of the workflow, about an invented prompt."""
    from bot.reflections.examples import ASKED, PROMPT

    details = PromptSettings(("weekly",)).to_details()
    shown = PostPreview(cards.prompt_card(0, PROMPT, ASKED.closes_at, "Europe/Dublin"))
    kind = PromptKind.__new__(PromptKind)
    date = example_date(KIND, "s3", "weekly", details)
    return (*card_examples(kind, date, shown), *preview_examples(kind, date))
