"""The cards and the form of webhooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.chat.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Facts,
    Heading,
    Markdown,
    Moment,
    Note,
    Words,
    compose,
    say,
)
from bot.chat.forms import Choices, Form, Hint, ShortText
from bot.chat.language import N_, _, format_list, ngettext
from bot.webhooks.addresses import LOGIN, LONGEST, PLAIN, PRIVATE, UNREADABLE
from bot.webhooks.events import EventKind, list_kinds, offered
from bot.webhooks.tables import MOST, Webhook

SEE, ADD, TEST = "tilth.webhook.see", "tilth.webhook.add", "tilth.webhook.test"
PAUSE, RESUME, REMOVE = "tilth.webhook.pause", "tilth.webhook.resume", "tilth.webhook.remove"
TITLE = N_("Webhooks")
SURE = "yes"
"""What the value of Remove ends with when somebody means it."""
REFUSED = {
    UNREADABLE: N_("This is not an address I can use. Write it in full, like https://example.org/tilth."),
    LOGIN: N_("Take the name and password out of the address. What I send is signed instead."),
    PLAIN: N_(
        "The address must begin with https://. For http:// the operator sets TILTH_WEBHOOKS__PLAIN_HTTP."
    ),
    PRIVATE: N_("This address is in a private network. For that the operator sets TILTH_WEBHOOKS__PRIVATE."),
}
"""Why an address is not taken."""


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """A webhook with how much waits for it, and what it answered last where it does not take it."""

    hook: Webhook
    waiting: int = 0
    error: str | None = None


def list_card(rows: Sequence[WebhookRow], zone: str, said: str = "", *, replaces: bool = False) -> Card:
    """The webhooks of a community. `said`: what was just done."""
    blocks: list[Block] = [Heading(_(TITLE))]
    if said:
        blocks.append(Markdown(said))
    if not rows:
        blocks.append(Markdown(_("There is no webhook. A webhook tells another service what happens here, such as a posted prompt.")))  # fmt: skip
    for row in rows:
        hook = row.hook
        line = compose(
            "**{name}** · {host}: {state}", name=f"h{hook.id}", host=hook.host, state=_state(row, zone)
        )
        blocks += [Markdown(line), _buttons(hook)]
    if len(rows) < MOST:
        blocks.append(Buttons((Button(_("Add a webhook"), opens=ADD, style="plain" if rows else "main"),)))
    blocks.append(
        Note(
            _(
                "No member is named, and no answer is sent. A strategy is sent only after its author shared it with everyone."
            )
        )
    )
    return Card(_(TITLE), tuple(blocks), replaces=replaces)


def _state(row: WebhookRow, zone: str) -> Words:
    hook = row.hook
    if hook.paused_for:
        return _("stopped, because it did not take what I sent ({code})", code=hook.paused_for)
    if hook.paused_at is not None:
        return _("paused")
    if row.error is not None:
        count = ngettext("{count} event waits", "{count} events wait", row.waiting)
        return _("{count}; I try again ({code})", count=count, code=row.error)
    if hook.answered_at is None:
        return _("nothing was sent yet")
    return compose(_("works; it last took an event {when}"), when=Moment(hook.answered_at, zone))


def _buttons(hook: Webhook) -> Buttons:
    value = f"h{hook.id}"
    remove = Button(_("Remove {name}", name=value), does=REMOVE, value=value)
    if hook.paused_at is not None:
        return Buttons(
            (Button(_("Start {name} again", name=value), does=RESUME, value=value, style="main"), remove)
        )
    test = Button(_("Test {name}", name=value), does=TEST, value=value)
    return Buttons((test, Button(_("Pause {name}", name=value), does=PAUSE, value=value), remove))


def add_form(kinds: Mapping[str, EventKind]) -> Form:
    """Where it goes and what it is told of."""
    told = tuple((name, _(kinds[name].about)) for name in offered(kinds))
    return Form(
        ADD, _("Add a webhook"),
        (
            Hint(_("Tilth sends a signed JSON message to this address when something happens.")),
            ShortText("address", _("Address"), "https://example.org/tilth", limit=LONGEST),
            Choices("events", _("What it is told of"), told, value=offered(kinds)),
        ),
        submit=_("Add it"),
    )  # fmt: skip


def added_card(hook: Webhook, secret: str, kinds: Mapping[str, EventKind]) -> Card:
    """To the admin who added it: the secret, which nobody is shown again."""
    title = _("The webhook is set up")
    told = format_list([_(kinds[name].about) for name in hook.events])
    return say(
        title, Heading(title),
        Facts(((_("Name"), f"h{hook.id}"), (_("Goes to"), hook.host), (_("Is told of"), told))),
        Markdown(_("This is its secret. Copy it now: I do not show it again.")),
        Markdown(f"`{secret}`"),
        Buttons((
            Button(_("Test {name}", name=f"h{hook.id}"), does=TEST, value=f"h{hook.id}", style="main"),
            Button(_("All webhooks"), does=SEE),
        )),
        Note(_("With the secret, the other service checks that a message is from Tilth. Only you see this card.")),
    )  # fmt: skip


def confirm_card(hook: Webhook) -> Card:
    """Before it is removed."""
    title = _("Remove the webhook to {host}?", host=hook.host)
    card = say(
        title, Heading(title), Markdown(_("What waits for it is not sent, and its secret stops working.")),
        Buttons((
            Button(_("Remove it"), does=REMOVE, value=f"h{hook.id}/{SURE}", style="danger"),
            Button(_("Keep it"), does=SEE),
        )),
    )  # fmt: skip
    return replace(card, replaces=True)


def stopped_card(hook: Webhook, code: str) -> Card:
    """To moderators and admins: a service did not take what it was told."""
    title = _("The webhook to {host} is stopped", host=hook.host)
    return say(
        title, Heading(title),
        Markdown(_("It did not take what I sent for a day, or said that it wants nothing more ({code}). What waited for it is not sent.", code=code)),
        Markdown(_("Members notice nothing. A Tilth admin starts it again with `/tilth webhooks`.")),
    )  # fmt: skip


def well_card(hook: Webhook) -> Card:
    """In place of that: it was started again, or removed."""
    return say(_("The webhook to {host}: an admin has seen to it.", host=hook.host))


def examples() -> tuple[Card, ...]:
    """Every card of webhooks."""
    from datetime import UTC, datetime  # examples only

    at = datetime(2026, 11, 23, 15, tzinfo=UTC)
    kinds = list_kinds(None)
    hook = Webhook(1, 1, "https://example.org/tilth", "", offered(kinds), at, None, None, None)
    works, late = replace(hook, answered_at=at), replace(hook, id=2)
    paused, stopped = (
        replace(hook, id=3, paused_at=at, paused_for=""),
        replace(hook, id=4, paused_at=at, paused_for="http_500"),
    )
    rows = (
        WebhookRow(works),
        WebhookRow(late, 3, "timeout"),
        WebhookRow(paused),
        WebhookRow(stopped),
        WebhookRow(replace(hook, id=5)),
    )
    return (
        list_card((), "Europe/Dublin"), list_card(rows, "Europe/Dublin", _("A test is on its way.")),
        list_card(rows[:1], "Europe/Dublin"), added_card(hook, "whsec_ZXhhbXBsZSBvZiBhIHNlY3JldCB0aGF0IGlzIG5vbmU=", kinds),
        confirm_card(hook), stopped_card(hook, "http_500"), well_card(hook),
    )  # fmt: skip
