"""Canvases of channels in one workspace: found or made, read, and changed by one change a call.

Every channel has at most one (https://docs.slack.dev/reference/methods/conversations.canvases.create); one that is there
already and is not ours is left alone. A section is found by its words, since nothing lists them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.canvas_markdown import (
    is_item,
    item_around,
    list_around,
    read_lines,
    without_mark,
    write_line,
    write_lines,
)
from adapters.slack.errors import call_slack, translate_error
from adapters.slack.web_client import SlackWebClient, read_scopes
from bot.chat.canvas import CanvasChange, CanvasLine
from bot.chat.models import Place
from bot.chat.port import CANVAS_GONE, CANVAS_TAKEN, Rejected, RetryLater

SCOPES = frozenset({"canvases:read", "canvases:write"})
GONE = frozenset({"canvas_not_found", "canvas_deleted"})
BUSY = frozenset({"canvas_editing_locked", "canvas_editing_failed"})
"""Somebody writes there just now: https://docs.slack.dev/reference/methods/canvases.edit refuses rather than waits."""
THERE = frozenset({"channel_canvas_already_exists", "free_team_canvas_tab_already_exists"})
SOUGHT = 80
"""Characters by which a section is found."""
UNCLEAR = "canvas_unclear"
"""Which section holds a line cannot be told just now."""


class SlackCanvases:
    """The canvases of channels; every verb is harmless when repeated."""

    def __init__(self, wire: SlackWebClient) -> None:
        self._wire = wire

    # ── found or made ─────────────────────────────────────────────────────────

    async def open_canvas(self, place: Place, lines: Sequence[CanvasLine]) -> str | None:
        """The channel's canvas: the one that is there if it is ours or empty, else a new one; None in threads."""
        if place.thread is not None or place.private:
            return None
        found = await self._find(place)
        if found is None:
            try:
                return await self._make(place, lines)
            except Rejected as error:
                if error.code not in THERE:
                    raise
            found = await self._find(place)
            if found is None:
                raise Rejected(CANVAS_TAKEN)
        canvas, empty = found
        if not empty:
            there = await self.read_canvas(place, canvas)
            if there:
                signs = {one.folded for one in there}
                if all(one.folded in signs for one in lines[:2]):
                    return canvas
                raise Rejected(CANVAS_TAKEN)
        await self._edit(canvas, {"operation": "insert_at_start", **_content(write_lines(lines))})
        return canvas

    async def _make(self, place: Place, lines: Sequence[CanvasLine]) -> str:
        content = {"type": "markdown", "markdown": write_lines(lines)}
        answer = await call_slack(
            self._wire.writes.conversations_canvases_create(
                channel_id=place.channel, document_content=content
            )
        )
        return str(answer["canvas_id"])

    async def _find(self, place: Place) -> tuple[str, bool] | None:
        """(id, whether it is empty) of the canvas of a channel. Raises `Rejected` where we may not use any."""
        answer = await _answer(self._wire.writes.conversations_info(channel=place.channel))
        granted = read_scopes(answer)
        if granted and not granted >= SCOPES:
            raise Rejected("missing_scope")  # before anything is made that we could not read again
        channel: dict[str, Any] = answer["channel"]
        if channel.get("is_archived"):
            raise Rejected("is_archived")
        if not channel.get("is_member"):
            raise Rejected("not_in_channel")
        canvas = (channel.get("properties") or {}).get("canvas") or {}
        key = canvas.get("file_id") or canvas.get("id")
        return (str(key), bool(canvas.get("is_empty"))) if key else None

    # ── read and changed ──────────────────────────────────────────────────────

    async def read_canvas(self, place: Place, canvas: str) -> tuple[CanvasLine, ...]:  # noqa: ARG002
        """Everything that stands on a canvas."""
        try:
            answer = await call_slack(
                self._wire.writes.canvases_getContent(canvas_id=canvas, content_type="markdown")
            )
        except Rejected as error:
            raise _told(error) from None
        return read_lines(str(answer.get("content") or ""))

    async def change_canvas(self, place: Place, canvas: str, change: CanvasChange) -> None:  # noqa: ARG002
        """Make one change: Slack takes one a call."""
        if change.how == "discard":
            try:
                await call_slack(self._wire.writes.canvases_delete(canvas_id=canvas))
            except Rejected as error:
                if error.code not in GONE:
                    raise
            return
        content = write_lines(change.lines)
        if change.how == "start":
            await self._edit(canvas, {"operation": "insert_at_start", **_content(content)})
            return
        section = await self._section(canvas, change.known, change.at)
        here = {"section_id": section}
        if change.how == "after":
            await self._edit(canvas, {"operation": "insert_after", **here, **_content(content)})
        elif beside := await self._lines_in(canvas, change, section):  # so all of them are said again
            await self._edit(canvas, {"operation": "replace", **here, **_content(_list_with(change, beside))})
        elif change.how == "delete":
            await self._edit(canvas, {"operation": "delete", **here})
        else:
            await self._edit(canvas, {"operation": "replace", **here, **_content(content)})

    async def _lines_in(self, canvas: str, change: CanvasChange, section: str) -> range | None:
        """All lines in the section of an item, where it holds its whole list, or lines in which the item goes on."""
        for lines in (list_around(change.known, change.at), item_around(change.known, change.at)):
            if await self._is_whole(canvas, change, section, lines):
                return lines
        return None

    async def _is_whole(self, canvas: str, change: CanvasChange, section: str, lines: range) -> bool:
        """Whether the section of an item holds these lines as well."""
        others = [at for at in lines if at != change.at and _sought(change.known[at])]
        beside = [at for at in others if is_item(change.known[at])] or others
        return bool(beside) and await self._section(canvas, change.known, beside[0]) == section

    async def _section(self, canvas: str, known: Sequence[CanvasLine], at: int) -> str:
        """The id of the section in which a line stands.

        Sections are found by the words in them. Where several hold the same words, they come from the top, as in the text.
        """
        sought = _sought(known[at])
        if not sought:
            raise RetryLater(UNCLEAR)
        exact = [place for place, one in enumerate(known) if sought in _words(one)]
        fold = sought.casefold()  # whether Slack minds capitals is not documented
        folded = [place for place, one in enumerate(known) if fold in _words(one).casefold()]
        try:
            answer = await call_slack(
                self._wire.writes.canvases_sections_lookup(
                    canvas_id=canvas, criteria={"contains_text": sought}
                )
            )
        except Rejected as error:
            raise _told(error) from None
        ids = [str(one["id"]) for one in answer.get("sections") or ()]
        for alike in (exact, folded):
            if len(ids) == len(alike):
                return ids[alike.index(at)]
        if len(ids) == 1 and all(place in list_around(known, at) for place in folded):
            return ids[0]
        raise RetryLater(UNCLEAR)

    async def _edit(self, canvas: str, change: dict[str, Any]) -> None:
        try:
            await call_slack(self._wire.writes.canvases_edit(canvas_id=canvas, changes=[change]))
        except Rejected as error:
            raise _told(error) from None


def _list_with(change: CanvasChange, around: range) -> str:
    """The lines around an item, with the change in them."""
    items = [one.source for one in change.known[around.start : around.stop]]
    at = change.at - around.start
    return "\n".join([*items[:at], *map(write_line, change.lines), *items[at + 1 :]]) + "\n"


def _content(markdown: str) -> dict[str, Any]:
    return {"document_content": {"type": "markdown", "markdown": markdown}}


def _words(line: CanvasLine) -> str:
    """The words of a line as they are read."""
    return " ".join(without_mark(line).split())


def _sought(line: CanvasLine) -> str:
    return _words(line)[:SOUGHT].rstrip()


def _told(error: Rejected) -> Exception:
    """The port's own word for what Slack refuses."""
    if error.code in GONE:
        return Rejected(CANVAS_GONE)
    return RetryLater(error.code) if error.code in BUSY else error


async def _answer(call: Any) -> AsyncSlackResponse:
    """Slack's whole answer, with its headers; raises `PlatformError` and nothing else."""
    try:
        answer: AsyncSlackResponse = await call
    except (SlackApiError, SlackClientError, OSError, TimeoutError) as error:
        raise translate_error(error) from None
    return answer
