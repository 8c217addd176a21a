"""canvases.* and conversations.canvases.*: one canvas a channel, kept as sections, one change a call.

From docs.slack.dev/reference/methods/ (read as slack-ruby/slack-api-ref keeps it, 2026-08-20): errors of
conversations.canvases.create (conversations.canvases.create.json:36-44), canvases.edit (canvases.edit.json:27-33, with a
`detail`, :22), canvases.sections.lookup (canvases.sections.lookup.json:26-31), canvases.getContent
(canvases.getContent.json:21-25); "only one operation per API call" and `canvas_editing_locked`, `canvas_too_large`: the page
of canvases.edit. That every block of Markdown is a section, and an item of a list one of its own, was seen by others on live
workspaces; [unconfirmed] here, so `canvas_lists=True` makes a list one section, and `canvas_folds=True` lets `contains_text`
not mind capitals, of which nothing is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.fakes.slack.access import in_channel
from tests.fakes.slack.answers import Args, SlackError, method
from tests.fakes.slack.canvas_text import Canvas, Section, as_markdown, read_words, split_sections

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack
    from tests.fakes.slack.world import Json

MOST = 2**20
OPERATIONS = {
    "insert_after",
    "insert_before",
    "insert_at_start",
    "insert_at_end",
    "replace",
    "delete",
    "rename",
}


@method("conversations.canvases.create", "canvases:write")
def create_in_channel(s: FakeSlack, args: Args) -> Json:
    channel = in_channel(s, args, "channel_id")
    if channel.kind in ("im", "mpim") or channel.archived:
        raise SlackError("channel_canvas_creation_failed")
    if s.canvas_of(channel.id) is not None:
        raise SlackError("channel_canvas_already_exists")
    made = Canvas(s.world.id("F"), channel.id, s.bot)
    s.canvases[made.id] = made
    content = args.parsed("document_content")
    if content is not None:
        made.sections = _sections(s, content)
    return {"canvas_id": made.id}


def _canvas(s: FakeSlack, args: Args) -> Canvas:
    """A canvas that the bot may see: that of a channel it is in."""
    found = s.canvases.get(args.need("canvas_id"))
    if found is None or s.bot not in s.world.channels[found.channel].members:
        raise SlackError("canvas_not_found")
    return found


def _sections(s: FakeSlack, content: Any) -> list[Section]:
    if not isinstance(content, dict) or content.get("type") != "markdown":
        raise SlackError("invalid_arguments")
    markdown = str(content.get("markdown", ""))
    if len(markdown) > MOST:
        raise SlackError("canvas_too_large")
    return split_sections(markdown, lambda: f"temp:C:{s.world.id('x')}", whole_lists=s.canvas_lists)


@method("canvases.getContent", "canvases:read")
def get_content(s: FakeSlack, args: Args) -> Json:
    if args.text("content_type", "markdown") not in ("markdown", "html"):
        raise SlackError("invalid_arguments")
    found = _canvas(s, args)
    if found.deleted:
        raise SlackError("canvas_not_found")
    return {"content": as_markdown(found.sections)}


@method("canvases.sections.lookup", "canvases:read")
def look_up_sections(s: FakeSlack, args: Args) -> Json:
    found, criteria = _canvas(s, args), args.parsed("criteria")
    if found.deleted:
        raise SlackError("canvas_deleted")
    if not isinstance(criteria, dict) or not criteria:
        raise SlackError("invalid_arguments")
    types, words = criteria.get("section_types"), _fold(s, str(criteria.get("contains_text", "")))
    if types is not None and not set(types) <= {"h1", "h2", "h3", "any_header"}:
        raise SlackError("invalid_arguments")
    fitting = [
        {"id": one.id}
        for one in found.sections
        if words in _fold(s, read_words(one.markdown)) and (types is None or one.is_heading(types))
    ]
    return {"sections": fitting}


def _fold(s: FakeSlack, words: str) -> str:
    return words.casefold() if s.canvas_folds else words


@method("canvases.edit", "canvases:write")
def edit(s: FakeSlack, args: Args) -> Json:
    found, changes = _canvas(s, args), args.parsed("changes")
    if found.deleted:
        raise SlackError("canvas_not_found")
    if not isinstance(changes, list) or len(changes) != 1 or changes[0].get("operation") not in OPERATIONS:
        raise SlackError("invalid_arguments")
    if found.locked:
        found.locked -= 1
        raise SlackError("canvas_editing_locked")
    before = list(found.sections)
    _apply(s, found, changes[0])
    if len(as_markdown(found.sections)) > MOST:
        found.sections = before
        raise SlackError("canvas_too_large")
    return {}


def _apply(s: FakeSlack, found: Canvas, change: Json) -> None:
    how, section = change["operation"], change.get("section_id")
    new = _sections(s, change["document_content"]) if "document_content" in change else []
    if how in ("insert_at_start", "insert_at_end"):
        at = 0 if how == "insert_at_start" else len(found.sections)
        found.sections[at:at] = new
        return
    if how == "replace" and section is None:
        found.sections = new
        return
    place = next((at for at, one in enumerate(found.sections) if one.id == section), None)
    if place is None:
        raise SlackError("canvas_editing_failed", detail=f"section {section} not found")
    if how == "insert_after":
        found.sections[place + 1 : place + 1] = new
    elif how == "insert_before":
        found.sections[place:place] = new
    else:
        found.sections[place : place + 1] = new if how == "replace" else []


@method("canvases.delete", "canvases:write")
def delete(s: FakeSlack, args: Args) -> Json:
    found = _canvas(s, args)
    if found.deleted:
        raise SlackError("canvas_deleted")
    found.deleted = True
    return {}
