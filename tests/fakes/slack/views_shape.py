"""Views: how Slack checks what an app sends and what it makes of it."""

from __future__ import annotations

import copy
import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakes.slack.answers import SlackError
from tests.fakes.slack.blocks import check_view
from tests.fakes.slack.content import completed
from tests.fakes.slack.inputs import KEYS, initial_state, interactive
from tests.fakes.slack.world import Json

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack

MOST_BYTES = 250_000
TITLE, PRIVATE, CALLBACK = 24, 3000, 255


@dataclass(slots=True)
class OpenView:
    """A view on somebody's screen, with what they have put in and the errors they see."""

    json: Json
    user: str
    typed: dict[tuple[str, str], Json] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def state(self, block: Json, element: Json) -> Json:
        at = (block["block_id"], element["action_id"])
        return self.typed.get(at) or initial_state(element)

    def values(self) -> Json:
        """`state.values` of everything that holds something."""
        values: Json = {}
        for block, element in interactive(self.json["blocks"]):
            if element["type"] in KEYS:
                values.setdefault(block["block_id"], {})[element["action_id"]] = self.state(block, element)
        return values

    def sent(self) -> Json:
        """As the API answers with it: without what was put in."""
        return copy.deepcopy(self.json)

    def payload(self) -> Json:
        """As interactions carry it: with what every input holds."""
        return copy.deepcopy(self.json) | {"state": {"values": copy.deepcopy(self.values())}}


def checked(s: FakeSlack, given: Any, surface: str) -> Json:
    """The view an app sent, or `invalid_arguments` with what is wrong."""
    if not isinstance(given, dict) or given.get("type") != surface:
        raise SlackError("invalid_arguments", [f"[ERROR] must be a {surface} view [json-pointer:/view/type]"])
    if len(json.dumps(given).encode()) > MOST_BYTES:
        raise SlackError("view_too_large")
    errors = check_view(given.get("blocks"), surface, s.world.files)
    errors += _strings(given)
    if surface == "modal":
        errors += _titles(given)
    if '"file_input"' in json.dumps(given) and not s.manifest.allows("files:read"):
        # "your app must have the files:read scope" (docs, File input element); how Slack says so is inferred.
        errors.append("[ERROR] file_input needs the scope files:read [json-pointer:/view/blocks]")
    if errors:
        raise SlackError("invalid_arguments", errors)
    return given


def _strings(view: Json) -> list[str]:
    errors = []
    for name, most in (("private_metadata", PRIVATE), ("callback_id", CALLBACK), ("external_id", CALLBACK)):
        if len(view.get(name) or "") > most:
            errors.append(f"[ERROR] must be less than {most + 1} characters [json-pointer:/view/{name}]")
    return errors


def _titles(view: Json) -> list[str]:
    errors = []
    for name in ("title", "submit", "close"):
        text = view.get(name)
        if text is None:
            if name == "title":
                errors.append("[ERROR] missing required field: title [json-pointer:/view]")
            continue
        if text.get("type") != "plain_text" or not 0 < len(text.get("text") or "") <= TITLE:
            errors.append(
                f"[ERROR] must be less than {TITLE + 1} characters [json-pointer:/view/{name}/text]"
            )
    blocks = view.get("blocks")
    if isinstance(blocks, list) and any(b.get("type") == "input" for b in blocks) and not view.get("submit"):
        errors.append("[ERROR] `submit` is required with input blocks [json-pointer:/view/submit]")
    return errors


def build(s: FakeSlack, given: Json, user: str, previous: OpenView | None = None) -> OpenView:
    """A new view for somebody, on top of another where there is one."""
    external = given.get("external_id") or ""
    if external and any(v.json["external_id"] == external for v in s.views_open()):
        raise SlackError("duplicate_external_id")
    key = s.world.id("V")
    view = {
        "id": key,
        "team_id": s.team,
        "app_id": s.world.app,
        "app_installed_team_id": s.team,
        "bot_id": s.world.bot_id,
        "root_view_id": previous.json["root_view_id"] if previous else key,
        "previous_view_id": previous.json["id"] if previous else None,
        **_content(s, given),
    }
    return OpenView(view, user)


def replace(s: FakeSlack, open_view: OpenView, given: Json) -> None:
    """Show other content in the same view. What was put into inputs with the same ids and type stays."""
    open_view.json.update(_content(s, given))
    there = {(b["block_id"], e["action_id"]): e["type"] for b, e in interactive(open_view.json["blocks"])}
    open_view.typed = {at: state for at, state in open_view.typed.items() if there.get(at) == state["type"]}
    open_view.errors = {}


def _content(s: FakeSlack, given: Json) -> Json:
    def title(name: str) -> Json | None:
        text = given.get(name)
        return {"type": "plain_text", "emoji": True, **text} if text else None

    return {
        "type": given["type"],
        "title": title("title"),
        "submit": title("submit"),
        "close": title("close"),
        "blocks": [completed(s, block) for block in given["blocks"]],
        "private_metadata": given.get("private_metadata") or "",
        "callback_id": given.get("callback_id") or "",
        "external_id": given.get("external_id") or "",
        "clear_on_close": bool(given.get("clear_on_close")),
        "notify_on_close": bool(given.get("notify_on_close")),
        "state": {"values": {}},
        "hash": f"{s.world.seconds()}.{secrets.token_hex(4)}",
    }
