"""The cards of strategies: one of them, the list, its form, and what is asked of its author and of whoever tried it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.chat.cards import Block, Button, Buttons, Card, Facts, Heading, Markdown, Note, Quote, say
from bot.chat.forms import Form, Hint, LongText, ShortText
from bot.chat.language import _
from bot.chat.literal_text import literal_markdown
from bot.chat.short_text import shorten
from bot.strategies.tables import LIMITS, Strategy, StrategyText
from bot.strategies.try_cards import tried_buttons, tries_text
from bot.strategies.try_tables import STRATEGY, TriedThing, TryResult

SEE = "strategy.see"
WRITE, EDIT = "strategy.write", "strategy.edit"
AGREE, DECLINE, WITHDRAW, RESTORE, RETIRE = (
    "strategy.agree", "strategy.decline", "strategy.withdraw", "strategy.restore", "strategy.retire",
)  # fmt: skip
LIST = "strategy.list"
NAME = 50
"""Characters of a strategy's name on a button."""
RESULTS_SHOWN = 3
"""Results that a strategy shows."""


def strategy_card(
    one: Strategy, results: Sequence[TryResult], count: int, *, tried: bool, own: bool, moderates: bool
) -> Card:  # fmt: skip
    """A strategy in full, with what those say who tried it."""
    thing = TriedThing(STRATEGY, one.id)
    rows = [(_("For whom"), one.text.whom), (_("Tags"), ", ".join(one.text.tag_list))]
    facts = tuple((label, value) for label, value in rows if value)
    blocks: list[Block] = [Heading(_("Strategy")), Markdown(f"**{literal_markdown(one.text.what)}**")]
    blocks += [Facts(facts)] if facts else []
    blocks += [Quote(one.text.happened, by=one.author)]
    if one.text.learned:
        blocks += [Markdown(_("**What they learned**")), Quote(one.text.learned, by=one.author)]
    blocks.append(Note(_state_text(one, own=own) or tries_text(count)))
    blocks += [Quote(result.text, by=result.by) for result in results]
    buttons = [] if own or not one.shown else [*tried_buttons(thing, tried=tried, count=count)]
    state = f"w{one.id}"
    if own:
        buttons += _own_buttons(one, state)
    elif moderates:
        label = _("Show it again") if one.retired else _("Take it out")
        buttons.append(Button(label, does=RETIRE, value=f"{state}/{0 if one.retired else 1}"))
    buttons.append(Button(_("All strategies"), does=LIST))
    return Card(_("Strategy"), (*blocks, Buttons(tuple(buttons[:5]))))


def _own_buttons(one: Strategy, state: str) -> tuple[Button, ...]:
    """What its author can do with a strategy: decide, where it waits for them, else change it or take it back."""
    edit = Button(_("Edit"), opens=EDIT, value=state)
    if one.agreed:
        return (edit, Button(_("Take it back"), does=WITHDRAW, value=state, style="danger"))
    agree = Button(_("Yes, share it"), does=AGREE, value=state, style="main")
    return (agree, edit, Button(_("No"), does=DECLINE, value=state))


def _state_text(one: Strategy, *, own: bool) -> str:
    if one.withdrawn:
        return _("Its author took it back.")
    if not one.agreed and own:
        return _("Only the person who saved it can read it until you agree.")
    if not one.agreed:
        return _("Nobody else can read it until {name} agrees.", name=one.author)
    return _("A moderator took it out. Only its author and moderators see it.") if one.retired else ""


def list_card(found: Sequence[tuple[Strategy, int]], page: int, *, more: bool) -> Card:
    """The latest strategies, a page of them."""
    title = _("Strategies")
    save = Button(_("Save a strategy"), opens=WRITE, value="", style="main")
    search = Button(_("Find"), opens="find.form")
    if not found:
        words = _("Nobody has saved a strategy yet. Save one that worked for you, and others can find it.")
        return Card(title, (Heading(title), Markdown(words), Buttons((save,))))
    blocks: list[Block] = [Heading(title), Markdown(_("What people here found to work."))]
    for one, count in found:
        about = " · ".join(filter(None, (one.author, one.text.whom, tries_text(count) if count else "")))
        blocks += [
            Markdown(f"**{literal_markdown(one.text.what)}**"),
            Note(about),
            Buttons(
                (Button(_("Read {what}", what=shorten(one.text.what, NAME)), does=SEE, value=f"w{one.id}"),)
            ),
        ]
    turns = [
        *((Button(_("Newer"), does=LIST, value=str(page - 1)),) if page else ()),
        *((Button(_("Older"), does=LIST, value=str(page + 1)),) if more else ()),
    ]
    return Card(title, (*blocks, Buttons((*turns, search, save))))


# ── saving ────────────────────────────────────────────────────────────────────


def write_form(state: str, text: StrategyText, hint: str, *, form: str = WRITE) -> Form:
    """The parts of a strategy, filled with what is known of it."""
    fields = (
        *((Hint(hint),) if hint else ()),
        ShortText("what", _("What is it?"), _("Like: Same-day call home."), value=text.what, limit=LIMITS["what"]),
        LongText("happened", _("What did you do, and what happened?"), value=text.happened, limit=LIMITS["happened"]),
        ShortText("whom", _("For whom?"), _("Like: ninth grade. You can leave it empty."), required=False, value=text.whom, limit=LIMITS["whom"]),
        LongText("learned", _("What would you tell a colleague?"), _("You can leave it empty."), required=False, value=text.learned, limit=LIMITS["learned"]),
        ShortText("tags", _("Tags"), _("Like: attendance, families. You can leave it empty."), required=False, value=text.tags, limit=LIMITS["tags"]),
    )  # fmt: skip
    return Form(form, _("Save a strategy"), fields, state)


def saved_card(one: Strategy, *, reached: bool = True) -> Card:
    """To whoever saved it: who can read it now, or who is asked first."""
    buttons = Buttons((Button(_("See it"), does=SEE, value=f"w{one.id}"),))
    if one.shown:
        return say(_("Saved"), Markdown(_("Saved. Everyone in the community can find and read it.")), buttons)
    words = _("I will ask {name} first. Nobody else can read it until they agree.", name=one.author)
    if not reached:
        words = _("I cannot write to {name} now. I will ask them when I can. Nobody else can read it until they agree.", name=one.author)  # fmt: skip
    return say(_("Saved"), Markdown(words), buttons)


def saved_already_card(one: Strategy) -> Card:
    """To whoever saves what they can read as a strategy already."""
    buttons = Buttons((Button(_("See it"), does=SEE, value=f"w{one.id}"),))
    title = Markdown(f"**{literal_markdown(one.text.what)}**")
    return say(_("Saved already"), Markdown(_("This is saved already.")), title, buttons)


def consent_card(one: Strategy, sentence: str, saver: str) -> Card:
    """To the author: may their words stand as a strategy? The words are shown by the button, so that no copy is stored."""
    state = f"w{one.id}"
    asked = (
        _("{name} found this worth keeping.", name=saver)
        if saver
        else _("Somebody found this worth keeping.")
    )
    return Card(
        _("May I share your words as a strategy?"),
        (
            Heading(_("May I share your words as a strategy?")),
            Markdown(f"{asked} {sentence}"),
            Buttons(
                (
                    Button(_("See it"), does=SEE, value=state),
                    Button(_("Yes, share it"), does=AGREE, value=state, style="main"),
                    Button(_("No"), does=DECLINE, value=state),
                )
            ),
        ),
    )


def agreed_card(one: Strategy) -> Card:
    """To the author who agreed."""
    words = _("Everyone in the community can find and read it. You can take it back at any time.")
    state = f"w{one.id}"
    return say(
        _("Shared"),
        Markdown(words),
        Buttons((Button(_("See it"), does=SEE, value=state), Button(_("Take it back"), does=WITHDRAW, value=state))),
    )  # fmt: skip


def declined_card() -> Card:
    """To the author who said no."""
    return say(_("Not shared"), Markdown(_("I removed it. Only the person who saved it could read it.")))


def withdrawn_card(one: Strategy) -> Card:
    """To the author who took it back."""
    words = _("Nobody can find or read it now. You can undo this for ten minutes.")
    return say(
        _("Taken back"), Markdown(words), Buttons((Button(_("Undo"), does=RESTORE, value=f"w{one.id}"),))
    )


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    at = datetime(2026, 10, 12, 9, tzinfo=UTC)
    text = StrategyText(
        "Same-day call home",
        "We called by noon. " * 10,
        "Ninth grade",
        "Say that they are missed.",
        "attendance",
    )
    one = Strategy(7, 1, 2, "Cleo Marsh", None, "", text, "", at, True, False, False)
    waiting = Strategy(8, 1, 2, "Cleo Marsh", 3, "m", text, "", at, False, False, False)
    results = (TryResult("Ada Quinn", "Two came back.", at), TryResult("Ben Okafor", "It took a week.", at))
    return (
        strategy_card(one, results, 12, tried=False, own=False, moderates=True),
        strategy_card(one, (), 0, tried=True, own=False, moderates=False),
        strategy_card(waiting, (), 0, tried=False, own=True, moderates=False),
        list_card([(one, 3), (one, 0)], 1, more=True),
        list_card([], 0, more=False),
        saved_card(one),
        saved_card(waiting),
        saved_card(waiting, reached=False),
        saved_already_card(one),
        consent_card(waiting, "Nobody has read it yet.", "Mo Hale"),
        agreed_card(one),
        declined_card(),
        withdrawn_card(one),
    )
