"""conversations.*: what channels there are, who is in them, what was said there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.slack import events
from tests.fakes.slack.access import FAMILY, in_channel, need_scope, see_channel
from tests.fakes.slack.answers import Args, SlackError, method, page

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack
    from tests.fakes.slack.world import Channel, Json

KINDS = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
MOST_HISTORY, MOST_SLOW = 999, 15


def _listed(s: FakeSlack, args: Args, channels: list[Channel]) -> Json:
    types = args.listed("types") or ["public_channel"]
    for kind in types:
        if kind not in KINDS:
            raise SlackError("invalid_types")
        need_scope(s, f"{FAMILY[KINDS[kind]]}:read")
    kinds = {KINDS[t] for t in types}
    archived = not args.flag("exclude_archived")
    found = [c.to_json(s.team, s.bot) for c in channels if c.kind in kinds and (archived or not c.archived)]
    items, more = page(args, found)
    return {"channels": items, **more}


@method("conversations.list")
def list_all(s: FakeSlack, args: Args) -> Json:
    seen = [c for c in s.world.channels.values() if c.kind == "channel" or s.bot in c.members]
    return _listed(s, args, seen)


@method("users.conversations")
def list_of_user(s: FakeSlack, args: Args) -> Json:
    user = args.text("user", s.bot)
    if user not in s.world.people:
        raise SlackError("user_not_found")
    mine = [c for c in s.world.channels.values() if user in c.members]
    return _listed(s, args, [c for c in mine if c.kind == "channel" or s.bot in c.members])


@method("conversations.info")
def info(s: FakeSlack, args: Args) -> Json:
    channel = see_channel(s, args).to_json(s.team, s.bot)
    if canvas := s.canvas_of(channel["id"]):
        about = {"file_id": canvas.id, "is_empty": not canvas.sections, "quip_thread_id": f"q{canvas.id}"}
        channel["properties"] = {"canvas": about}
    if not args.flag("include_num_members"):
        channel.pop("num_members", None)
    return {"channel": channel}


@method("conversations.members")
def members(s: FakeSlack, args: Args) -> Json:
    items, more = page(args, list(see_channel(s, args).members))
    return {"members": items, **more}


# ── what was said ─────────────────────────────────────────────────────────────


def _visible(s: FakeSlack, args: Args, messages: list[Json]) -> tuple[list[Json], Json]:
    """Between `oldest` and `latest`, without what the plan hides; and what says that something is hidden."""
    oldest, latest = float(args.text("oldest") or 0), float(args.text("latest") or "inf")
    inclusive = args.flag("inclusive")
    border = s.hide_before.timestamp() if s.hide_before else 0
    shown = [m for m in messages if float(m["ts"]) >= border]
    hidden = {"is_limited": True} if len(shown) < len(messages) else {}
    inside = [
        m
        for m in shown
        if oldest < float(m["ts"]) < latest or (inclusive and float(m["ts"]) in (oldest, latest))
    ]
    return inside, hidden


def _most(s: FakeSlack) -> int:
    return MOST_SLOW if s.slow_history else MOST_HISTORY


@method("conversations.history")
def history(s: FakeSlack, args: Args) -> Json:
    channel = in_channel(s, args, scope="history")
    inside, hidden = _visible(s, args, s.world.roots(channel))
    items, more = page(args, inside[::-1], most=_most(s))
    metadata = args.flag("include_all_metadata")
    answer = {
        "messages": [s.world.shown(channel, m, metadata) for m in items],
        "has_more": bool(more["response_metadata"]["next_cursor"]),
        "pin_count": len(channel.pins),
        **hidden,
    }
    return answer | (more if answer["has_more"] else {})


@method("conversations.replies")
def replies(s: FakeSlack, args: Args) -> Json:
    channel = in_channel(s, args, scope="history")
    root = channel.messages.get(args.need("ts"))
    if root and root.get("thread_ts", root["ts"]) != root["ts"]:
        root = channel.messages.get(root["thread_ts"])
    if root is None or (s.hide_before and float(root["ts"]) < s.hide_before.timestamp()):
        raise SlackError("thread_not_found")
    inside, hidden = _visible(s, args, s.world.replies(channel, root["ts"]))
    # The parent comes first whatever `oldest` says, but only on the first page.
    items, more = page(args, [root, *inside], otherwise=_most(s), most=_most(s))
    metadata = args.flag("include_all_metadata")
    answer = {
        "messages": [s.world.shown(channel, m, metadata) for m in items],
        "has_more": bool(more["response_metadata"]["next_cursor"]),
        **hidden,
    }
    return answer | (more if answer["has_more"] else {})


# ── coming and going ──────────────────────────────────────────────────────────


@method("conversations.open", "im:write", "mpim:write")
def open_direct(s: FakeSlack, args: Args) -> Json:
    users = args.listed("users")
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > 8:
        raise SlackError("too_many_users")
    need_scope(s, "im:write" if len(users) == 1 else "mpim:write")
    for user in users:
        person = s.world.people.get(user)
        if person is None:
            raise SlackError("user_not_found")
        if person.deleted:
            raise SlackError("user_disabled")
    channel = s.world.direct(*users)
    full = channel.to_json(s.team, s.bot)
    return {"channel": full if args.flag("return_im") else {"id": channel.id}}


@method("conversations.join", "channels:join")
def join(s: FakeSlack, args: Args) -> Json:
    channel = see_channel(s, args)
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    if s.bot in channel.members:
        return {"channel": channel.to_json(s.team, s.bot), "warning": "already_in_channel"}
    s.tell(events.enter(s, channel, s.bot))
    return {"channel": channel.to_json(s.team, s.bot)}


@method("conversations.leave", "channels:manage", "groups:write")
def leave(s: FakeSlack, args: Args) -> Json:
    channel = in_channel(s, args)
    if channel.kind in ("im", "mpim"):
        raise SlackError("method_not_supported_for_channel_type")
    s.tell(events.depart(s, channel, s.bot))
    return {}


@method(
    "conversations.invite",
    "channels:manage",
    "groups:write",
    "channels:write.invites",
    "groups:write.invites",
)
def invite(s: FakeSlack, args: Args) -> Json:
    channel = in_channel(s, args)
    if channel.archived:
        raise SlackError("is_archived")
    for user in args.listed("users"):
        if user not in s.world.people:
            raise SlackError("user_not_found")
        if user in channel.members:
            raise SlackError("already_in_channel")
        s.tell(events.enter(s, channel, user, inviter=s.bot))
    return {"channel": channel.to_json(s.team, s.bot)}


@method("conversations.kick", "channels:manage", "groups:write")
def kick(s: FakeSlack, args: Args) -> Json:
    channel = in_channel(s, args)
    user = args.need("user")
    if user == s.bot:
        raise SlackError("cant_kick_self")
    if user not in channel.members:
        raise SlackError("not_in_channel")
    s.tell(events.depart(s, channel, user))
    return {}


@method("conversations.create", "channels:manage", "groups:write")
def create(s: FakeSlack, args: Args) -> Json:
    name = args.need("name")
    if s.world.find_channel(name):
        raise SlackError("name_taken")
    if name != name.lower() or len(name) > 80 or " " in name:
        raise SlackError("invalid_name_specials")
    kind = "group" if args.flag("is_private") else "channel"
    return {"channel": s.world.add_channel(name, kind, [s.bot]).to_json(s.team, s.bot)}


@method(
    "conversations.setTopic", "channels:manage", "groups:write", "channels:write.topic", "groups:write.topic"
)
def set_topic(s: FakeSlack, args: Args) -> Json:
    channel = in_channel(s, args)
    channel.topic = args.text("topic")
    return {"channel": channel.to_json(s.team, s.bot)}


@method("conversations.archive", "channels:manage", "groups:write")
def archive(s: FakeSlack, args: Args) -> Json:
    channel = in_channel(s, args)
    if channel.archived:
        raise SlackError("already_archived")
    channel.archived = True
    return {}
