"""users.* and usergroups.*: who is in the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.slack.answers import Args, SlackError, method, page

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack
    from tests.fakes.slack.world import Json, Person


def _person(s: FakeSlack, args: Args) -> Person:
    person = s.world.people.get(args.need("user"))
    if person is None:
        raise SlackError("user_not_found")
    return person


def _shown(s: FakeSlack, person: Person, args: Args | None = None) -> Json:
    """A user object; the language only for those who ask for it (docs: users.info, `include_locale`)."""
    shown = person.to_json(s.team, s.clock.now(), s.manifest.allows("users:read.email"))
    asked = args is not None and args.flag("include_locale") and not person.deleted
    return shown | {"locale": person.locale} if asked else shown


@method("users.info", "users:read")
def info(s: FakeSlack, args: Args) -> Json:
    return {"user": _shown(s, _person(s, args), args)}


@method("users.list", "users:read")
def list_all(s: FakeSlack, args: Args) -> Json:
    people, more = page(args, list(s.world.people.values()), otherwise=1000)
    return {"members": [_shown(s, p, args) for p in people], "cache_ts": s.world.seconds(), **more}


@method("users.lookupByEmail", "users:read.email")
def by_email(s: FakeSlack, args: Args) -> Json:
    email = args.need("email").lower()
    for person in s.world.people.values():
        if person.email.lower() == email and not person.deleted:
            return {"user": _shown(s, person)}
    raise SlackError("users_not_found")


@method("users.profile.get", "users.profile:read")
def profile(s: FakeSlack, args: Args) -> Json:
    person = s.world.people[args.text("user", s.bot)]
    return {"profile": person.profile(s.manifest.allows("users:read.email"))}


@method("users.getPresence", "users:read")
def presence(s: FakeSlack, args: Args) -> Json:
    _person(s, args)
    return {"presence": "active"}


# ── user groups ───────────────────────────────────────────────────────────────


def _group(s: FakeSlack, args: Args) -> Json:
    group = s.world.groups.get(args.need("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return group


def _group_shown(group: Json, users: bool) -> Json:
    shown = {k: v for k, v in group.items() if k != "users"} | {"user_count": len(group["users"])}
    return shown | ({"users": list(group["users"])} if users else {})


@method("usergroups.list", "usergroups:read")
def groups(s: FakeSlack, args: Args) -> Json:
    found = [g for g in s.world.groups.values() if not g["date_delete"] or args.flag("include_disabled")]
    return {"usergroups": [_group_shown(g, args.flag("include_users")) for g in found]}


@method("usergroups.users.list", "usergroups:read")
def group_users(s: FakeSlack, args: Args) -> Json:
    return {"users": list(_group(s, args)["users"])}


@method("usergroups.create", "usergroups:write")
def create_group(s: FakeSlack, args: Args) -> Json:
    handle = args.text("handle") or args.need("name").lower().replace(" ", "-")
    if any(g["handle"] == handle for g in s.world.groups.values()):
        raise SlackError("name_already_exists")
    group = add_group(s, args.need("name"), handle, [])
    return {"usergroup": _group_shown(group, True)}


def add_group(s: FakeSlack, name: str, handle: str, users: list[str]) -> Json:
    key = s.world.id("S")
    s.world.groups[key] = {
        "id": key,
        "team_id": s.team,
        "is_usergroup": True,
        "name": name,
        "handle": handle,
        "description": "",
        "date_create": s.world.seconds(),
        "date_update": s.world.seconds(),
        "date_delete": 0,
        "users": users,
    }
    return s.world.groups[key]


@method("usergroups.update", "usergroups:write")
def update_group(s: FakeSlack, args: Args) -> Json:
    group = _group(s, args)
    group.update({k: args[k] for k in ("name", "handle", "description") if k in args})
    return {"usergroup": _group_shown(group, True)}


@method("usergroups.users.update", "usergroups:write")
def update_group_users(s: FakeSlack, args: Args) -> Json:
    group, users = _group(s, args), args.listed("users")
    if not users or any(u not in s.world.people for u in users):
        raise SlackError("invalid_users")
    group["users"] = users
    return {"usergroup": _group_shown(group, True)}


@method("usergroups.disable", "usergroups:write")
def disable_group(s: FakeSlack, args: Args) -> Json:
    group = _group(s, args)
    group["date_delete"] = s.world.seconds()
    return {"usergroup": _group_shown(group, True)}


@method("usergroups.enable", "usergroups:write")
def enable_group(s: FakeSlack, args: Args) -> Json:
    group = _group(s, args)
    group["date_delete"] = 0
    return {"usergroup": _group_shown(group, True)}
