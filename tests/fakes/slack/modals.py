"""What people see and do in views: fill in, submit, close. Behaves as Slack's client."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tests.fakes.slack import views_shape
from tests.fakes.slack.answers import SlackError
from tests.fakes.slack.heard import Heard
from tests.fakes.slack.inputs import KEYS, NotPossible, find, given_state, held, interactive, refusal
from tests.fakes.slack.methods.files import choose_file
from tests.fakes.slack.methods.views import push_for
from tests.fakes.slack.triggers import Triggers
from tests.fakes.slack.views_shape import OpenView

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack
    from tests.fakes.slack.world import Json

TROUBLE = "We had some trouble connecting. Try again?"


class Modals:
    """The part of the server with everybody's screen."""

    stacks: dict[str, list[OpenView]]
    homes: dict[str, OpenView]
    triggers: Triggers

    def set_up_modals(self: FakeSlack) -> None:
        self.stacks, self.homes = {}, {}
        self.triggers = Triggers(self, self.trigger_seconds)

    def views_open(self) -> Iterator[OpenView]:
        for stack in self.stacks.values():
            yield from stack
        yield from self.homes.values()

    # ── to look at ────────────────────────────────────────────────────────────

    def modal(self, user: str) -> Json | None:
        """The view on top of somebody's screen, with its state; None when there is none."""
        stack = self.stacks.get(user)
        return stack[-1].payload() if stack else None

    def modal_errors(self, user: str) -> dict[str, str]:
        """What the modal shows as wrong, by block_id; "" is the modal as a whole."""
        stack = self.stacks.get(user)
        return dict(stack[-1].errors) if stack else {}

    def home(self, user: str) -> Json | None:
        """What was published on somebody's home tab."""
        return self.homes[user].payload() if user in self.homes else None

    # ── to do ─────────────────────────────────────────────────────────────────

    def fill(self: FakeSlack, user: str, values: Mapping[str, Any]) -> None:
        """Put values into the modal on screen, by label, action_id or block_id."""
        view = self._top(user)
        for called, value in values.items():
            block, element = find(view.json["blocks"], called, set(KEYS))
            if element["type"] == "file_input":
                value = [choose_file(self, user, element, name, data) for name, data in (value or {}).items()]
            view.typed[block["block_id"], element["action_id"]] = given_state(element, value)

    async def submit(self: FakeSlack, user: str, values: Mapping[str, Any] | None = None) -> Heard:
        """Fill in and submit. `NotPossible` where Slack's client would not let go of it; the modal shows why."""
        self.fill(user, values or {})
        view = self._top(user)
        if not view.json["submit"]:
            raise NotPossible("this modal has nothing to submit")
        view.errors = self._refusals(view)
        if view.errors:
            raise NotPossible(f"the form is not complete: {view.errors}")
        payload = self.interaction(user, "view_submission", triggered=True) | {
            "view": view.payload(),
            "response_urls": self._response_urls(view),
        }
        ack = await self.delivery.interaction("interactive", payload)
        if not ack.ok:
            view.errors = {"": TROUBLE}
        else:
            self._answered(view, ack.body or {})
        return Heard((ack,))

    async def close(self: FakeSlack, user: str, everything: bool = False) -> Heard:
        """Close the view on top, or with `everything` the whole stack; the bot hears it with notify_on_close."""
        view = self._top(user)
        stack = self.stacks[user]
        cleared = everything or view.json["clear_on_close"] or len(stack) == 1
        gone = list(stack) if cleared else [view]
        self.stacks[user] = [] if cleared else stack[:-1]
        acks = []
        for one in reversed(gone):
            if one.json["notify_on_close"]:
                payload = self.interaction(user, "view_closed") | {
                    "view": one.payload(),
                    "is_cleared": everything,
                }
                acks.append(await self.delivery.interaction("interactive", payload))
        return Heard(tuple(acks))

    def _top(self, user: str) -> OpenView:
        if not self.stacks.get(user):
            raise NotPossible("no modal is open on their screen")
        return self.stacks[user][-1]

    def _refusals(self, view: OpenView) -> dict[str, str]:
        refused = {}
        for block, element in interactive(view.json["blocks"]):
            if block["type"] == "input":
                wrong = refusal(block, element, view.state(block, element))
                if wrong:
                    refused[block["block_id"]] = wrong
        return refused

    def _response_urls(self: FakeSlack, view: OpenView) -> list[Json]:
        urls = []
        for block, element in interactive(view.json["blocks"]):
            if element.get("response_url_enabled") and (place := held(view.state(block, element))):
                urls.append(
                    {
                        "block_id": block["block_id"],
                        "action_id": element["action_id"],
                        "channel_id": place,
                        "response_url": self.responses.url(view.user, place),
                    }
                )
        return urls

    def _answered(self: FakeSlack, view: OpenView, body: Json) -> None:
        """What the ack of a submission does to the screen."""
        stack = self.stacks.get(view.user, [])
        action = body.get("response_action")
        try:
            if action is None:
                if view in stack:
                    stack.remove(view)
            elif action == "clear":
                stack.clear()
            elif action == "errors":
                view.errors = self._shown_errors(view, body.get("errors") or {})
            elif action == "update":
                views_shape.replace(self, view, views_shape.checked(self, body.get("view"), "modal"))
            elif action == "push":
                push_for(self, view.user, views_shape.checked(self, body.get("view"), "modal"))
            else:
                self.problems.append(f"unknown response_action {action!r}")
        except SlackError as error:
            view.errors = {"": TROUBLE}
            self.problems.append(f"the answer to a submission was refused: {error.body}")

    def _shown_errors(self, view: OpenView, errors: Mapping[str, str]) -> dict[str, str]:
        """Slack shows errors only at input blocks, and none at all if a name is wrong."""
        inputs = {block["block_id"] for block in view.json["blocks"] if block["type"] == "input"}
        if not errors or not set(errors) <= inputs:
            raise SlackError(
                "invalid_errors", [f"{sorted(errors)} are not all among the inputs {sorted(inputs)}"]
            )
        return dict(errors)
