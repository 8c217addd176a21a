"""views.*: opening, stacking, changing and publishing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.slack import views_shape
from tests.fakes.slack.answers import Args, SlackError, method

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack
    from tests.fakes.slack.views_shape import OpenView
    from tests.fakes.slack.world import Json

MOST_STACKED = 3


@method("views.open")
def open_view(s: FakeSlack, args: Args) -> Json:
    given = views_shape.checked(s, args.parsed("view"), "modal")
    user = s.triggers.use(args.text("trigger_id"))
    view = views_shape.build(s, given, user)
    s.stacks[user] = [view]
    return {"view": view.sent()}


@method("views.push")
def push(s: FakeSlack, args: Args) -> Json:
    given = views_shape.checked(s, args.parsed("view"), "modal")
    user = s.triggers.use(args.text("trigger_id"))
    return {"view": push_for(s, user, given).sent()}


def push_for(s: FakeSlack, user: str, given: Json) -> OpenView:
    stack = s.stacks.get(user, [])
    if not stack:
        raise SlackError("invalid_trigger_id")
    if len(stack) >= MOST_STACKED:
        raise SlackError("push_limit_reached")
    stack.append(views_shape.build(s, given, user, previous=stack[-1]))
    return stack[-1]


@method("views.update")
def update(s: FakeSlack, args: Args) -> Json:
    key, external = args.text("view_id"), args.text("external_id")
    if not key and not external:
        raise SlackError("invalid_arguments", ["[ERROR] either `view_id` or `external_id` is needed"])
    view = next(
        (
            v
            for v in s.views_open()
            if v.json["id"] == key or (external and v.json["external_id"] == external)
        ),
        None,
    )
    if view is None:
        raise SlackError("not_found")
    given = views_shape.checked(s, args.parsed("view"), view.json["type"])
    if args.text("hash") and args.text("hash") != view.json["hash"]:
        raise SlackError("hash_conflict")
    views_shape.replace(s, view, given)
    return {"view": view.sent()}


@method("views.publish")
def publish(s: FakeSlack, args: Args) -> Json:
    if not s.manifest.home_tab:
        raise SlackError("not_enabled")
    given = views_shape.checked(s, args.parsed("view"), "home")
    user = args.need("user_id")
    if user not in s.world.people or s.world.people[user].bot:
        raise SlackError("invalid_arguments", ["[ERROR] user not found [json-pointer:/user_id]"])
    before = s.homes.get(user)
    if before is None:
        s.homes[user] = views_shape.build(s, given, user)
    else:
        if args.text("hash") and args.text("hash") != before.json["hash"]:
            raise SlackError("hash_conflict")
        views_shape.replace(s, before, given)
    return {"view": s.homes[user].sent()}


@method("blocks.validate")
def validate(s: FakeSlack, args: Args) -> Json:
    """Slack's own check, as Block Kit Builder uses it."""
    from tests.fakes.slack.content import kept_blocks

    kept_blocks(s, args.parsed("blocks"))
    return {}
