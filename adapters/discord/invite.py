"""The address that invites the bot, with the least it needs and a reason for each permission."""

from __future__ import annotations

import base64
import binascii

import discord

from bot.chat.language import N_

SCOPES = ("bot", "applications.commands")

NEEDED = (
    ("view_channel", N_("See the channels it is meant to speak in.")),
    ("send_messages", N_("Post prompts, digests and discussions.")),
    ("send_messages_in_threads", N_("Speak in the threads of prompts and discussions.")),
    ("create_public_threads", N_("Open the thread under a prompt.")),
    ("read_message_history", N_("Find replies, edits and deletions made while it was away.")),
)
OPTIONAL = (
    ("embed_links", N_("Let the links in prompts keep their titles; previews stay off.")),
    ("attach_files", N_("Show progress as a picture, hand over exports and long texts as files.")),
    ("manage_threads", N_("Close and reopen discussions on their dates, remove a post made twice.")),
    ("create_private_threads", N_("Make a private thread for a team that asks for one.")),
    ("pin_messages", N_("Pin the current discussion, and the plan of a team in its place.")),
    ("create_events", N_("Put discussions on the server's list of events.")),
    ("manage_events", N_("Move or cancel an event it has put there.")),
)


def reasons() -> tuple[tuple[str, str, bool], ...]:
    """(permission, why, whether it cannot do without) of everything it asks for."""
    return (*((*one, True) for one in NEEDED), *((*one, False) for one in OPTIONAL))


def permissions() -> discord.Permissions:
    """Exactly what `reasons` lists: neither Administrator nor Mention Everyone."""
    return discord.Permissions(**{name: True for name, _, _ in reasons()})


def invite_link(client_id: str) -> str:
    """Where an admin of a server lets the bot in. `client_id` is the application's id."""
    return discord.utils.oauth_url(client_id, permissions=permissions(), scopes=SCOPES)


def client_id_of(token: str) -> str:
    """The application's id, with which every bot token begins; empty when this is no bot token."""
    head = token.strip().partition(".")[0]
    try:
        id = base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return ""
    return id if id.isdecimal() else ""
