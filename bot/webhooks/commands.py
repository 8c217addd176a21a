"""`/tilth webhooks`: an admin adds, tests, pauses and removes what other services are told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.chat.cards import Card
from bot.chat.forms import FieldErrors, Form
from bot.chat.language import N_, _
from bot.chat.menu import Command
from bot.chat.models import Refusal, Role
from bot.chat.parsing.button_values import read_id
from bot.feature import ButtonHandler, CommandHandler, FormHandler, Reads, Request, Writes, note_change
from bot.people.languages import speaking_to_all
from bot.webhooks import cards, queue, tables
from bot.webhooks.addresses import AddressRefused, AddressRules, read_address
from bot.webhooks.cards import ADD, PAUSE, REFUSED, REMOVE, RESUME, SEE, SURE, TEST, WebhookRow
from bot.webhooks.events import EventKind, offered
from bot.webhooks.signatures import derive_secret, write_secret
from bot.webhooks.tables import MOST, Webhook


@dataclass(frozen=True, slots=True)
class WebhookCommands:
    """The handlers of `/tilth webhooks`. `key` is what secrets are derived with."""

    key: bytes
    rules: AddressRules
    alerts: Alerts
    kinds: Mapping[str, EventKind]

    def commands(self) -> Sequence[CommandHandler]:
        """The command."""
        about = N_("Tell another service what happens here: add, test, pause and remove")
        command = Command("tilth", "webhooks", about, role=Role.ADMIN, label=N_("Webhooks"))
        return (CommandHandler(command, Reads(show_webhooks)),)

    def buttons(self) -> Sequence[ButtonHandler]:
        """What is pressed on the list."""
        return (
            ButtonHandler(SEE, Reads(see_webhooks), Role.ADMIN),
            ButtonHandler(TEST, Writes(send_test), Role.ADMIN),
            ButtonHandler(PAUSE, Writes(pause_webhook), Role.ADMIN),
            ButtonHandler(RESUME, Writes(self.resume_webhook), Role.ADMIN),
            ButtonHandler(REMOVE, Writes(self.remove_webhook), Role.ADMIN),
        )

    def forms(self) -> Sequence[FormHandler]:
        """Adding one."""
        return (FormHandler(ADD, Reads(self.build_form), Writes(self.add_webhook), Role.ADMIN),)

    def build_form(self, _conn: Connection, _request: Request) -> Form:
        """The form that adds one."""
        return cards.add_form(self.kinds)

    def add_webhook(self, conn: Connection, request: Request) -> Card | FieldErrors:
        """Add a webhook, and show its secret to whoever added it."""
        url = read_address(request.text("address"))
        try:
            self.rules.check(url)
        except AddressRefused as refused:
            return FieldErrors({"address": _(REFUSED[refused.why])})
        given = request.values.get("events")
        events = [name for name in offered(self.kinds) if isinstance(given, tuple) and name in given]
        if not events:
            return FieldErrors({"events": _("Choose at least one.")})
        if any(one.url == url for one in tables.list_webhooks(conn, request.community.id)):
            return FieldErrors(
                {"address": _("There is a webhook to this address already. `/tilth webhooks` shows it.")}
            )
        made = tables.add_webhook(conn, request.community.id, url, events, request.now)
        if made is None:
            return FieldErrors(
                {"address": _("There are {count} webhooks already. Remove one first.", count=MOST)}
            )
        note_change(conn, request, "added", f"webhook h{made.id}", None, _record(made))
        return cards.added_card(made, write_secret(derive_secret(self.key, made.salt)), self.kinds)

    def resume_webhook(self, conn: Connection, request: Request) -> Card:
        """Tell it again what happens from now on; a second time is as good as once."""
        hook = _find(conn, request)
        if tables.resume_webhook(conn, hook.id):
            note_change(conn, request, "resumed", f"webhook h{hook.id}", None, _record(hook))
            self._settle_alert(conn, request, hook)
        return _list(conn, request, _("I tell it what happens from now on."))

    def remove_webhook(self, conn: Connection, request: Request) -> Card:
        """Remove it, after it was confirmed; what waits for it is not sent."""
        hook = _find(conn, request)
        if request.value.partition("/")[2] != SURE:
            return cards.confirm_card(hook)
        queue.cancel_waiting(conn, hook)
        tables.remove_webhook(conn, hook.id)
        note_change(conn, request, "removed", f"webhook h{hook.id}", _record(hook), None)
        self._settle_alert(conn, request, hook)
        return _list(conn, request, _("The webhook is removed."))

    def _settle_alert(self, conn: Connection, request: Request, hook: Webhook) -> None:
        with speaking_to_all(conn, hook.community_id):
            card = cards.well_card(hook)
        self.alerts.resolve(conn, hook.community_id, queue.alert_key(hook), request.now, card)


def show_webhooks(conn: Connection, request: Request) -> Card:
    """The webhooks of the community."""
    return cards.list_card(_rows(conn, request), request.member.zone)


def see_webhooks(conn: Connection, request: Request) -> Card:
    """The same in the place of the card that is shown."""
    return _list(conn, request)


def send_test(conn: Connection, request: Request) -> Card:
    """Send a test."""
    hook = _find(conn, request)
    if hook.paused_at is not None:
        return _list(conn, request, _("It is paused. Start it again first."))
    queue.queue_test(conn, hook, request.now)
    return _list(conn, request, _("A test is on its way. This page says what became of it."))


def pause_webhook(conn: Connection, request: Request) -> Card:
    """Tell it nothing for now; a second time is as good as once."""
    hook = _find(conn, request)
    if tables.pause_webhook(conn, hook.id, request.now, ""):
        queue.cancel_waiting(conn, hook)
        note_change(conn, request, "paused", f"webhook h{hook.id}", _record(hook), None)
    return _list(conn, request, _("It is paused. What happens meanwhile is not sent later."))


def _find(conn: Connection, request: Request) -> Webhook:
    found = tables.find_webhook(conn, request.community.id, read_id(request.value, "h"))
    if found is None:
        raise Refusal(_("That webhook is no longer there."), _("`/tilth webhooks` shows which there are."))
    return found


def _list(conn: Connection, request: Request, said: str = "") -> Card:
    return cards.list_card(_rows(conn, request), request.member.zone, said, replaces=True)


def _rows(conn: Connection, request: Request) -> list[WebhookRow]:
    found = []
    for hook in tables.list_webhooks(conn, request.community.id):
        waiting = tables.list_waiting(conn, hook)
        errors = [error for _key, error in waiting if error is not None]
        found.append(WebhookRow(hook, len(waiting), errors[0] if errors else None))
    return found


def _record(hook: Webhook) -> Mapping[str, object]:
    """What goes on record: of the address only the host, for the rest may be a secret."""
    return {"host": hook.host, "events": list(hook.events)}
