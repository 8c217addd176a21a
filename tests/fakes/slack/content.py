"""What an app may put into a message: text, blocks, attachments, metadata, as Slack checks and keeps them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.fakes.slack.answers import Args, SlackError
from tests.fakes.slack.blocks import check_message
from tests.fakes.slack.elements import IN_ACTIONS, IN_INPUT
from tests.fakes.slack.world import Json

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack

MOST_TEXT = 40_000
MOST_ATTACHMENTS = 100


def message_content(s: FakeSlack, args: Args, needed: bool = True) -> Json:
    """The parts of a message that are given; `no_text` when nothing is."""
    content: Json = {}
    blocks = args.parsed("blocks")
    attachments = args.parsed("attachments")
    markdown = args.text("markdown_text")
    if markdown:
        if args.text("text") or blocks:
            raise SlackError("markdown_text_conflict")
        if len(markdown) > 12_000:
            raise SlackError("msg_too_long")
        blocks = [{"type": "markdown", "text": markdown}]
    if needed and not (args.text("text") or blocks or attachments):
        raise SlackError("no_text")
    if "text" in args:
        content["text"] = _linked(s, args, _stored(args.text("text"))[:MOST_TEXT])
    if blocks is not None:
        content["blocks"] = kept_blocks(s, blocks)
    if attachments is not None:
        if len(attachments) > MOST_ATTACHMENTS:
            raise SlackError("too_many_attachments")
        content["attachments"] = attachments
    metadata = args.parsed("metadata")
    if metadata is not None:
        content["_metadata"] = _metadata(metadata)
    return content


def kept_blocks(s: FakeSlack, blocks: Any) -> list[Json]:
    """Checked blocks as Slack keeps them: with block_ids, action_ids and complete texts."""
    errors = check_message(blocks, s.world.files)
    if errors:
        raise SlackError(
            "msg_blocks_too_long" if errors[0].startswith("msg_blocks") else "invalid_blocks", errors
        )
    return [completed(s, block) for block in blocks]


def completed(s: FakeSlack, block: Json) -> Json:
    kept: Json = _completed_parts(s, block)
    if not kept.get("block_id"):
        kept["block_id"] = s.world.id("b")
    return kept


def _completed_parts(s: FakeSlack, value: Any) -> Any:
    if isinstance(value, list):
        return [_completed_parts(s, v) for v in value]
    if not isinstance(value, dict):
        return value
    kept = {k: _completed_parts(s, v) for k, v in value.items()}
    if kept.get("type") in IN_ACTIONS | IN_INPUT and not kept.get("action_id"):
        kept["action_id"] = s.world.id("a")
    if kept.get("type") == "plain_text":
        kept.setdefault("emoji", True)
    elif kept.get("type") == "mrkdwn":
        kept.setdefault("verbatim", False)
        kept["text"] = _stored(kept["text"])
    return kept


def _stored(text: str) -> str:
    """Slack escapes an ampersand that stands for itself."""
    return re.sub(r"&(?!(?:amp|lt|gt);)", "&amp;", text)


def _linked(s: FakeSlack, args: Args, text: str) -> str:
    """With `link_names` or `parse=full`, bare names become mentions."""
    if not args.flag("link_names") and args.text("parse") != "full":
        return text
    handles = {p.handle: p.id for p in s.world.people.values()}

    def link(found: re.Match[str]) -> str:
        name = found[1]
        if name in ("here", "channel", "everyone"):
            return f"<!{name}>"
        return f"<@{handles[name]}>" if name in handles else found[0]

    return re.sub(r"(?<![\w<])@([\w.-]*\w)", link, text)


def _metadata(metadata: Any) -> Json | None:
    """None for `{}`, which removes it."""
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    if not metadata:
        return None
    if not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    return metadata
