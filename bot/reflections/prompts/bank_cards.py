"""The cards of the prompt bank, for moderators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.chat.cards import Block, Button, Buttons, Card, Facts, File, Heading, Markdown, Note, say
from bot.chat.language import N_, _, format_list, format_month, ngettext
from bot.reflections.cards import clip_text, hints_of_size, questions_text
from bot.reflections.prompts.bank import BY_HAND, BankedPrompt, PromptOrigin
from bot.reflections.prompts.follow_ups import list_openings
from bot.reflections.prompts.import_export import ImportedLine
from bot.reflections.prompts.model import Prompt

PAGE = 12
"""Prompts on one page."""
REPORTED = 40
"""Lines of an import that are reported one by one."""
ORIGINS = {
    PromptOrigin.FILE: N_("from a content file"),
    PromptOrigin.CHAT: N_("written in chat"),
    PromptOrigin.SUGGESTED: N_("suggested by a member"),
}


def describe_state(one: BankedPrompt, times: int) -> str:
    """The state of a prompt, in a few words."""
    parts = []
    if one.retired_by is not None:
        parts.append(_("retired") if one.retired_by == BY_HAND else _("no longer in its file"))
    if one.turn is not None:
        parts.append(_("asked next, by hand"))
    parts.append(ngettext("asked once", "asked {count} times", times) if times else _("not asked yet"))
    return ", ".join(parts)


def prompts_card(
    found: Sequence[BankedPrompt], times: Mapping[int, int], page: int, state: str, title: str
) -> Card:
    """A page of prompts. `state` is the filter, carried by the paging buttons."""
    shown = found[page * PAGE : (page + 1) * PAGE]
    if not shown:
        return say(
            _("No such prompts"), Markdown(_("No prompt is like that. `/prompt list` shows the decks."))
        )
    rows = tuple((f"p{one.id} {one.prompt.title}", _about(one, times.get(one.id, 0))) for one in shown)
    blocks: list[Block] = [Heading(title), Facts(rows)]
    turns = []
    if page > 0:
        turns.append(Button(_("Before"), does="prompt.page", value=f"{page - 1}|{state}"))
    if len(found) > (page + 1) * PAGE:
        turns.append(Button(_("More"), does="prompt.page", value=f"{page + 1}|{state}"))
    if turns:
        blocks.append(Buttons(tuple(turns)))
    return Card(title, tuple(blocks), replaces=True)


def _about(one: BankedPrompt, times: int) -> str:
    tags = " ".join(f"#{tag}" for tag in one.prompt.tags)
    return f"{clip_text(questions_text(one.prompt), 120)} ({describe_state(one, times)}{f'; {tags}' if tags else ''})"


def details_card(one: BankedPrompt, times: int, said: str = "") -> Card:
    """A whole prompt with what can be done with it; `said` is what has just been done."""
    prompt, name = one.prompt, f"p{one.id}"
    blocks: list[Block] = [Markdown(said)] if said else []
    blocks += [Heading(prompt.title), Markdown(f"**{questions_text(prompt, follow_ups=True)}**")]
    rows = [(_("Deck"), one.deck), (_("State"), f"{describe_state(one, times)}; {_(ORIGINS[one.origin])}")]
    if len(list_openings(prompt)) == 1 and (ways := prompt.questions[0].answer.ways()):
        rows.append((_("Answered"), ways))
    if prompt.help_full:
        rows.append((_("Hints"), " · ".join(hints_of_size(prompt, "full"))))
    if prompt.tags:
        rows.append((_("Tags"), " ".join(f"#{tag}" for tag in prompt.tags)))
    rows += _describe_asking(prompt)
    blocks.append(Facts(((_("Prompt"), name), *rows)))
    buttons = [Button(_("Edit"), opens="prompt.edit", value=name)]
    if one.retired_by is None:
        if one.turn is None:
            buttons.append(Button(_("Ask it next"), does="prompt.top", value=name))
        buttons.append(Button(_("Retire"), does="prompt.retire", value=name))
    else:
        buttons.append(Button(_("Bring it back"), does="prompt.unretire", value=name))
    blocks.append(Buttons(tuple(buttons)))
    return say(prompt.title, *blocks)


def _describe_asking(prompt: Prompt) -> list[tuple[str, str]]:
    """When a prompt is asked and who is meant to read its answers, where that is not as of all others."""
    rows = []
    if prompt.completes:
        rows.append(
            (
                _("When it is asked"),
                _(
                    "In the two weeks after its lesson comes to somebody. In a longer lesson: in its last two weeks."
                ),
            )
        )
    if prompt.months:
        months = format_list([format_month(month) for month in prompt.months])
        rows.append((_("Months when it is asked"), months))
    if prompt.audience == "anonymous":
        rows.append((_("Who reads the answers"), _("Only the writer. It can be answered anonymously, too.")))
    elif prompt.audience:
        rows.append((_("Who reads the answers"), _("Only the writer, unless they share.")))
    return rows


def retired_card(one: BankedPrompt) -> Card:
    """A prompt rests; undoing it is one click."""
    return say(
        _("Retired"),
        Markdown(
            _(
                "{id} *{prompt}* will not be asked again. Its answers stay.",
                id=f"p{one.id}",
                prompt=one.prompt.title,
            )
        ),
        Buttons((Button(_("Undo"), does="prompt.unretire", value=f"p{one.id}"),)),
    )


def hand_queue_card(queue: Sequence[BankedPrompt]) -> Card:
    """The hand-ordered queue."""
    if not queue:
        return say(
            _("No prompt is put first by hand"),
            Markdown(
                _(
                    "No prompt is put first by hand. Each schedule picks from its decks. `/prompt move p12 "
                    "top` puts one first."
                )
            ),
        )
    rows = tuple(
        (f"{number}. p{one.id}", f"{one.prompt.title} ({one.deck})") for number, one in enumerate(queue, 1)
    )
    return say(
        _("Asked next"),
        Heading(_("Asked next")),
        Facts(rows),
        Note(
            _(
                "The next schedule that uses its deck asks the first one. `/prompt move p12 out` takes one "
                "out."
            )
        ),
    )


def imported_card(deck: str, found: Sequence[tuple[ImportedLine, int | None]]) -> Card:
    """What became of each line of an import: (line, the new prompt's id or None)."""
    added = sum(1 for _line, made in found if made is not None)
    amiss = len(found) - added
    head = ngettext("{count} prompt added to *{deck}*", "{count} prompts added to *{deck}*", added, deck=deck)
    if amiss:
        head = ngettext(
            "{added}, {count} line left out", "{added}, {count} lines left out", amiss, added=head
        )
    rows = tuple(
        (
            _("Line {number}", number=one.line),
            f"p{made} {one.prompt.title}" if made is not None and one.prompt else one.problem,
        )
        for one, made in sorted(found, key=lambda pair: (pair[1] is not None, pair[0].line))[:REPORTED]
    )
    left = len(found) - REPORTED
    more = [Note(ngettext("And {count} more.", "And {count} more.", left))] if left > 0 else []
    return say(_("Imported"), Markdown(f"{head}."), *((Facts(rows),) if rows else ()), *more)


def exported_card(deck: str, files: Mapping[str, bytes], count: int, *, new: bool) -> Card:
    """Content files of what was written in chat."""
    where = f"`prompts/reflections/{deck}/`"
    told = ngettext(
        "{count} prompt of *{deck}* that came from chat.", "{count} prompts of *{deck}* that came from chat.",
        count, deck=deck,
    )  # fmt: skip
    then = (
        _("Make the folder {where} and put them there.", where=where)
        if new
        else ngettext(
            "Put it into {where} and add the name to `files:` in its `deck.yaml`.",
            "Put them into {where} and add the name to `files:` in its `deck.yaml`.",
            len(files), where=where,
        )
    )  # fmt: skip
    after = _("`tilth check` looks it over. Their numbers stay the same.")
    return say(
        _("Exported"),
        Markdown(f"{told} {then} {after}"),
        *(File(name, data, _("Prompts of {deck}", deck=deck)) for name, data in files.items()),
    )


def examples() -> tuple[Card, ...]:
    """Every card of this room."""
    from dataclasses import replace

    from bot.reflections.examples import PROMPT, SCALED  # examples only
    from bot.reflections.prompts.deck_use import unasked_blocks

    one = BankedPrompt(12, "weekly", PROMPT, PromptOrigin.FILE)
    other = BankedPrompt(13, "weekly", SCALED, PromptOrigin.CHAT, turn=0)
    imported = imported_card("weekly", [(ImportedLine(1, PROMPT), 41)])
    gone = BankedPrompt(14, "weekly", SCALED, PromptOrigin.SUGGESTED, retired_by=BY_HAND)
    return (
        prompts_card([one, other, gone] * 9, {12: 1}, 1, "weekly||", "The deck weekly"),
        prompts_card([], {}, 0, "||", "Prompts"),
        details_card(one, 2, "Kept as p12."),
        details_card(gone, 0),
        retired_card(one),
        hand_queue_card([other]),
        hand_queue_card([]),
        replace(imported, blocks=(*imported.blocks, *unasked_blocks("weekly"))),
        imported_card("weekly", [(ImportedLine(1, PROMPT), 41), (ImportedLine(2, None, "One side of the | is "
                                                                                       "empty."), None)]),
        exported_card("weekly", {"from-chat.yaml": b"theme: From the community\n"}, 2, new=False),
    )  # fmt: skip
