"""What Discord refuses in a message: too long, too many, two kinds of content at once (docs resources/message)."""

from __future__ import annotations

from typing import Any

from tests.fakes.discord.component_limits import check_components
from tests.fakes.discord.errors import Complaints, DiscordError
from tests.fakes.discord.world import COMPONENTS_V2, EPHEMERAL, Message

Json = dict[str, Any]
SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS = 1 << 2, 1 << 12
SETTABLE = SUPPRESS_EMBEDS | SUPPRESS_NOTIFICATIONS | COMPONENTS_V2
FILE_MOST = 10 * 1024 * 1024
REQUEST_MOST = 25 * 1024 * 1024


def check_new(body: Json, files: list[Json], *, interaction: bool = False) -> None:
    """Refuse a new message. `files` are the uploads that came with it; ephemeral is for interactions only."""
    wrong = Complaints()
    flags = _flags(wrong, body, SETTABLE | (EPHEMERAL if interaction else 0))
    _check_fields(wrong, body, files)
    v2 = bool(flags & COMPONENTS_V2)
    if v2:
        _check_only_components(wrong, body)
    _check_parts(wrong, body, files, [], v2)
    wrong.refuse_if_any()
    if v2 and not body.get("components"):
        raise _empty()
    if not (v2 or _says_something(body, files)):
        raise _empty()


def check_edit(body: Json, files: list[Json], old: Message) -> None:
    """Refuse an edit. Components V2 cannot be taken back, and what is not given stays as it was."""
    wrong = Complaints()
    flags = _flags(wrong, body, SETTABLE | EPHEMERAL) if "flags" in body else old.flags
    was_v2 = bool(old.flags & COMPONENTS_V2)
    v2 = was_v2 or bool(flags & COMPONENTS_V2)
    if was_v2 and body.get("flags") is not None and not flags & COMPONENTS_V2:
        wrong.add("flags", "MESSAGE_FLAGS_CANNOT_REMOVE", "IS_COMPONENTS_V2 cannot be removed")
    _check_fields(wrong, body, files)
    kept = _kept(body, old)
    if v2:
        left = {"content": old.content, "embeds": old.embeds} if not was_v2 else {}
        _check_only_components(
            wrong, left | {k: v for k, v in body.items() if k in ("content", "embeds", "poll")}
        )
    _check_parts(wrong, body, files, kept, v2)
    wrong.refuse_if_any()
    after = {"content": old.content, "embeds": old.embeds, "components": old.components}
    after |= {k: body[k] for k in after if k in body}
    if not (_says_something(after, files) or kept):
        raise _empty()


def _kept(body: Json, old: Message) -> list[Json]:
    """The old attachments that an edit leaves in place."""
    if "attachments" not in body:
        return old.attachments
    ids = {str(a.get("id")) for a in body["attachments"] or []}
    return [a for a in old.attachments if a["id"] in ids]


def _flags(wrong: Complaints, body: Json, allowed: int) -> int:
    flags = body.get("flags") or 0
    if not isinstance(flags, int):
        wrong.add("flags", "NUMBER_TYPE_COERCE", "Value is not a whole number.")
        return 0
    return flags & allowed


def _check_fields(wrong: Complaints, body: Json, files: list[Json]) -> None:
    if body.get("content") is not None:
        wrong.longest("content", body["content"], 2000)
    nonce = body.get("nonce")
    if isinstance(nonce, str):
        wrong.longest("nonce", nonce, 25)
    elif nonce is not None and (isinstance(nonce, bool) or not isinstance(nonce, int)):
        wrong.add("nonce", "NONCE_TYPE_INVALID", "Nonce must be a string or an integer.")
    _check_embeds(wrong, body.get("embeds") or [])
    _check_attachments(wrong, body.get("attachments"), files)
    if body.get("allowed_mentions") is not None:
        _check_mentions(wrong, body["allowed_mentions"])


def _check_only_components(wrong: Complaints, body: Json) -> None:
    for name in ("content", "embeds", "poll", "sticker_ids"):
        if body.get(name):
            wrong.add(
                name,
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )


def _check_parts(wrong: Complaints, body: Json, files: list[Json], kept: list[Json], v2: bool) -> None:
    if body.get("components"):
        names = {f["filename"] for f in files} | {a["filename"] for a in kept}
        check_components(wrong, body["components"], v2=v2, files=names)


def _check_embeds(wrong: Complaints, embeds: list[Json]) -> None:
    wrong.count("embeds", embeds, 10)
    total = 0
    for i, embed in enumerate(embeds):
        at = f"embeds.{i}"
        parts = [("title", 256), ("description", 4096)]
        for name, most in parts:
            if embed.get(name):
                wrong.longest(f"{at}.{name}", embed[name], most)
                total += len(embed[name])
        footer, author = (embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")
        for name, text, most in (("footer.text", footer, 2048), ("author.name", author, 256)):
            if text:
                wrong.longest(f"{at}.{name}", text, most)
                total += len(text)
        fields = embed.get("fields") or []
        wrong.count(f"{at}.fields", fields, 25)
        for j, one in enumerate(fields):
            wrong.longest(f"{at}.fields.{j}.name", one.get("name"), 256, 1)
            wrong.longest(f"{at}.fields.{j}.value", one.get("value"), 1024, 1)
            total += len(one.get("name") or "") + len(one.get("value") or "")
    if total > 6000:
        wrong.add("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")


def _check_attachments(wrong: Complaints, listed: Any, files: list[Json]) -> None:
    if len(files) > 10 or len(listed or []) > 10:
        wrong.add("attachments", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
    for i, one in enumerate(listed or []):
        if one.get("description") is not None:
            wrong.longest(f"attachments.{i}.description", one["description"], 1024)
        if one.get("filename") is not None:
            wrong.longest(f"attachments.{i}.filename", one["filename"], 1024, 1)
    if any(len(f["data"]) > FILE_MOST for f in files) or sum(len(f["data"]) for f in files) > REQUEST_MOST:
        raise DiscordError(413, 40005, "Request entity too large")


def _check_mentions(wrong: Complaints, rules: Any) -> None:
    if not isinstance(rules, dict):
        wrong.add("allowed_mentions", "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return
    parse = rules.get("parse") or []
    for i, kind in enumerate(parse):
        if kind not in ("users", "roles", "everyone"):
            where = f"allowed_mentions.parse.{i}"
            wrong.add(where, "BASE_TYPE_CHOICES", "Value must be one of ('users', 'everyone', 'roles').")
    for kind in ("users", "roles"):
        ids = rules.get(kind) or []
        wrong.count(f"allowed_mentions.{kind}", ids, 100)
        if ids and kind in parse:
            text = f"parse:['{kind}'] and {kind}: [ids...] are mutually exclusive."
            wrong.add("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", text)
        if isinstance(ids, list) and not all(str(one).isdigit() for one in ids):
            wrong.add(f"allowed_mentions.{kind}", "NUMBER_TYPE_COERCE", "Value is not a snowflake.")


def _says_something(body: Json, files: list[Json]) -> bool:
    content = str(body.get("content") or "").strip()
    return bool(content or body.get("embeds") or body.get("components") or body.get("poll") or files)


def _empty() -> DiscordError:
    return DiscordError(400, 50006, "Cannot send an empty message")
