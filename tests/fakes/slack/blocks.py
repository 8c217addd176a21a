"""Block Kit check, outer part: the blocks of messages and views, with Slack's limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.fakes.slack.elements import IN_ACTIONS, IN_INPUT, IN_SECTION, Check
from tests.fakes.slack.world import Json, StoredFile

MOST_IN_MESSAGE, MOST_IN_VIEW = 50, 100
MOST_MESSAGE_TEXT = 13_200
MOST_MARKDOWN = 12_000
MOST_TABLE_TEXT = 10_000
EVERYWHERE = {"section", "header", "context", "divider", "actions", "input", "image", "rich_text", "video"}
SURFACES = {
    "message": EVERYWHERE
    | {"markdown", "table", "file", "context_actions", "data_table", "data_visualization"},
    "modal": EVERYWHERE,
    "home": EVERYWHERE,
}
TEXTS = ["plain_text", "mrkdwn"]


def check_message(blocks: Any, files: Mapping[str, StoredFile]) -> list[str]:
    """What Slack would say is wrong with a message's blocks; the first starts `msg_blocks` if they are too long."""
    check = BlockCheck(files, "message")
    check.all(blocks, "/blocks", MOST_IN_MESSAGE)
    if not check.errors and check.seen_text > MOST_MESSAGE_TEXT:
        return [f"msg_blocks_too_long: {check.seen_text} characters"]
    return check.errors


def check_view(blocks: Any, surface: str, files: Mapping[str, StoredFile]) -> list[str]:
    """The same for a view; `surface` is modal or home."""
    check = BlockCheck(files, surface)
    check.all(blocks, "/view/blocks", MOST_IN_VIEW)
    return check.errors


class BlockCheck(Check):
    def __init__(self, files: Mapping[str, StoredFile], surface: str) -> None:
        super().__init__(files)
        self.surface = surface
        self.markdown_text = 0

    def all(self, blocks: Any, path: str, most: int) -> None:
        if not isinstance(blocks, list):
            self.wrong(path, "must be a list of blocks")
            return
        if len(blocks) > most:
            self.wrong(path, f"no more than {most} items allowed")
        seen: set[str] = set()
        for n, block in enumerate(blocks):
            at = f"{path}/{n}"
            if not isinstance(block, dict) or block.get("type") not in SURFACES[self.surface]:
                kind = block.get("type") if isinstance(block, dict) else block
                self.wrong(at, f"unsupported type: {kind}")
                continue
            self.string(block, "block_id", at, 255, need=False)
            if block.get("block_id") in seen:
                self.wrong(f"{at}/block_id", f"`block_id` {block['block_id']} is used more than once")
            seen.add(block.get("block_id") or f"#{n}")
            getattr(self, f"_{block['type']}")(block, at)
        kinds = [b.get("type") for b in blocks if isinstance(b, dict)]
        if kinds.count("table") > 1:
            self.wrong(path, "only_one_table_allowed")
        if kinds.count("data_visualization") > 2:
            self.wrong(path, "no more than 2 data_visualization blocks allowed")
        focused = sum(bool(_element(b).get("focus_on_load")) for b in blocks if isinstance(b, dict))
        if focused > 1:
            self.wrong(path, "only one element may have focus_on_load")

    # ── text ──────────────────────────────────────────────────────────────────

    def _section(self, block: Json, at: str) -> None:
        if "text" not in block and "fields" not in block:
            self.wrong(at, "missing required field: text")
        self.text(block, "text", at, 3000, kinds=TEXTS, need=False)
        if "fields" in block:
            for n, field in enumerate(self.items(block, "fields", at, 1, 10)):
                self.text({"text": field}, "text", f"{at}/fields/{n}", 2000, kinds=TEXTS)
        if "accessory" in block:
            self.element(block["accessory"], f"{at}/accessory", IN_SECTION)

    def _header(self, block: Json, at: str) -> None:
        self.text(block, "text", at, 150, kinds=["plain_text"])

    def _context(self, block: Json, at: str) -> None:
        for n, element in enumerate(self.items(block, "elements", at, 1, 10)):
            if isinstance(element, dict) and element.get("type") == "image":
                self.image(element, f"{at}/elements/{n}")
            else:
                self.text({"text": element}, "text", f"{at}/elements/{n}", 3000, kinds=TEXTS)

    def _divider(self, block: Json, at: str) -> None:
        for key in sorted(set(block) - {"type", "block_id"}):
            self.wrong(at, f"invalid additional property: {key}")

    def _markdown(self, block: Json, at: str) -> None:
        self.string(block, "text", at, MOST_MARKDOWN)
        self.markdown_text += len(str(block.get("text", "")))
        if self.markdown_text > MOST_MARKDOWN:
            self.wrong(at, f"markdown blocks together must be less than {MOST_MARKDOWN + 1} characters")
        self.seen_text += len(str(block.get("text", "")))

    def _rich_text(self, block: Json, at: str) -> None:
        for n, part in enumerate(self.items(block, "elements", at, 0, 1000)):
            self._rich_part(part, f"{at}/elements/{n}")

    def _rich_part(self, part: Any, at: str) -> None:
        kinds = ("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted")
        if not isinstance(part, dict) or part.get("type") not in kinds:
            self.wrong(at, f"unsupported type: {part.get('type') if isinstance(part, dict) else part}")
            return
        for n, element in enumerate(self.items(part, "elements", at, 0, 1000)):
            here = f"{at}/elements/{n}"
            if part["type"] == "rich_text_list":
                self._rich_part(element, here)
                continue
            needed = RICH_NEEDS.get(str(element.get("type")) if isinstance(element, dict) else "")
            if needed is None:
                self.wrong(here, "unsupported type in rich text")
                continue
            if element.get(needed) in (None, ""):
                self.wrong(here, f"missing required field: {needed}")
            self.seen_text += len(str(element.get("text", "")))

    # ── with parts ────────────────────────────────────────────────────────────

    def _actions(self, block: Json, at: str) -> None:
        seen: set[str] = set()
        for n, element in enumerate(self.items(block, "elements", at, 1, 25)):
            here = f"{at}/elements/{n}"
            self.element(element, here, IN_ACTIONS)
            action = element.get("action_id") if isinstance(element, dict) else None
            if action and action in seen:
                self.wrong(f"{here}/action_id", f"`action_id` {action} is used more than once in its block")
            seen.add(action or f"#{n}")

    def _context_actions(self, block: Json, at: str) -> None:
        for n, element in enumerate(self.items(block, "elements", at, 1, 5)):
            if not isinstance(element, dict) or element.get("type") not in (
                "feedback_buttons",
                "icon_button",
            ):
                self.wrong(f"{at}/elements/{n}", "unsupported type")

    def _input(self, block: Json, at: str) -> None:
        self.text(block, "label", at, 2000, kinds=["plain_text"])
        self.text(block, "hint", at, 2000, kinds=["plain_text"], need=False)
        allowed = IN_INPUT if self.surface == "modal" else IN_INPUT - {"file_input"}
        if "element" not in block:
            self.wrong(at, "missing required field: element")
        else:
            self.element(block["element"], f"{at}/element", allowed)

    def _image(self, block: Json, at: str) -> None:
        self.image(block, at)
        if "title" in block:
            self.text(block, "title", at, 2000, kinds=["plain_text"])

    def _video(self, block: Json, at: str) -> None:
        self.string(block, "alt_text", at, 2000)
        self.string(block, "video_url", at, 3000)
        self.string(block, "thumbnail_url", at, 3000)
        self.text(block, "title", at, 200, kinds=["plain_text"])

    def _file(self, block: Json, at: str) -> None:
        self.string(block, "external_id", at, 255)

    def _table(self, block: Json, at: str) -> None:
        before = self.seen_text
        for n, row in enumerate(self.items(block, "rows", at, 1, 100)):
            for m, cell in enumerate(self.items({"row": row}, "row", f"{at}/rows/{n}", 1, 20)):
                self._cell(cell, f"{at}/rows/{n}/{m}")
        if self.seen_text - before > MOST_TABLE_TEXT:
            self.wrong(at, f"a table must be less than {MOST_TABLE_TEXT + 1} characters")
        if "column_settings" in block:
            self.items(block, "column_settings", at, 0, 20)
            for n, column in enumerate(block["column_settings"]):
                if column and column.get("align", "left") not in ("left", "center", "right"):
                    self.wrong(f"{at}/column_settings/{n}/align", "must be a valid enum value")

    def _data_table(self, block: Json, at: str) -> None:
        """At the older, stricter limits, which every workspace takes."""
        before = self.seen_text
        self.string(block, "caption", at, 10_000)
        if not 1 <= block.get("page_size", 5) <= 100:
            self.wrong(f"{at}/page_size", "must be from 1 to 100")
        rows = self.items(block, "rows", at, 2, 101)
        for n, row in enumerate(rows):
            if len(self.items({"row": row}, "row", f"{at}/rows/{n}", 1, 20)) != len(rows[0]):
                self.wrong(f"{at}/rows/{n}", "every row must have the same number of cells")
            for m, cell in enumerate(row):
                if not n and cell.get("type") == "rich_text":
                    self.wrong(f"{at}/rows/{n}/{m}", "rich_text is not allowed in the header")
                self._cell(cell, f"{at}/rows/{n}/{m}", numbers=True)
        if self.seen_text - before > MOST_TABLE_TEXT:
            self.wrong(at, f"a table must be less than {MOST_TABLE_TEXT + 1} characters")

    def _data_visualization(self, block: Json, at: str) -> None:
        """Bars, lines and areas at the older, stricter limits. Nothing of ours is a pie."""
        self.string(block, "title", at, 50)
        chart = block.get("chart") or {}
        if chart.get("type") not in ("bar", "line", "area"):
            self.wrong(f"{at}/chart/type", "must be a valid enum value")
        axes = chart.get("axis_config") or {}
        labels = self.items(axes, "categories", f"{at}/chart/axis_config", 1, 20)
        for label in labels:
            self.string({"label": label}, "label", f"{at}/chart/axis_config/categories", 20)
        if len(set(labels)) != len(labels):
            self.wrong(f"{at}/chart/axis_config/categories", "must be unique")
        for axis in ("x_label", "y_label"):
            self.string(axes, axis, f"{at}/chart/axis_config", 50, need=False)
        for n, series in enumerate(self.items(chart, "series", f"{at}/chart", 1, 6)):
            self.string(series, "name", f"{at}/chart/series/{n}", 20)
            given = series.get("data") or []
            if sorted(one.get("label", "") for one in given) != sorted(labels):
                self.wrong(f"{at}/chart/series/{n}/data", "must have exactly one point for each category")
            if not all(isinstance(one.get("value"), int | float) for one in given):
                self.wrong(f"{at}/chart/series/{n}/data", "must be numbers")

    def _cell(self, cell: Any, at: str, *, numbers: bool = False) -> None:
        kind = cell.get("type") if isinstance(cell, dict) else None
        if kind == "raw_text":
            self.string(cell, "text", at, 10_000)
            self.seen_text += len(str(cell.get("text", "")))
        elif kind == "rich_text":
            self._rich_text(cell, at)
        elif kind == "raw_number" and numbers and isinstance(cell.get("value"), int | float):
            self.string(cell, "text", at, 10_000)
            self.seen_text += len(str(cell["text"]))
        else:
            self.wrong(at, f"unsupported type: {kind}")


RICH_NEEDS = {
    "text": "text",
    "link": "url",
    "user": "user_id",
    "usergroup": "usergroup_id",
    "channel": "channel_id",
    "broadcast": "range",
    "emoji": "name",
    "date": "timestamp",
    "color": "value",
    "team": "team_id",
}


def _element(block: Json) -> Json:
    element = block.get("element")
    return element if isinstance(element, dict) else {}
