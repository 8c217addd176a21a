"""What happens with the forms and buttons of `/tilth setup`; each answers with the next step."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection

from bot.admin import setup_cards as cards
from bot.admin.setup_facts import SetupCalendar, SetupMeans, SetupState, pass_step, read_state
from bot.alerts import alerts as alerting
from bot.alerts.alerts import Alerts
from bot.chat.cards import Block, Card
from bot.chat.forms import FieldErrors, Form
from bot.chat.language import N_, _
from bot.chat.models import Place, Role, StaleValue
from bot.chat.setup_steps import SetupStep, read_country, read_name, read_school_year, read_zone
from bot.feature import ButtonHandler, FormHandler, Reads, Request, Waits, Writes, note_change
from bot.people import chosen
from bot.people.tables import community_by_id
from bot.schedules import edits
from bot.store.store import Store

T = TypeVar("T")
ADMIN = Role.ADMIN
FULL = N_(
    "No more moderators can be chosen here. Choose a role or group that holds them, or remove those chosen here first."
)


@dataclass(frozen=True, slots=True)
class SetupForms:
    """The handlers of every step. What is also held in memory is read anew after the commit, and never before."""

    store: Store
    alerts: Alerts
    means: SetupMeans
    calendar: SetupCalendar | None = None

    def state(self, conn: Connection, request: Request) -> SetupState:
        """How far the community of whoever asks is now."""
        return read_state(
            conn, community_by_id(conn, request.community.id), self.means, self.alerts, self.calendar
        )

    def see(self, conn: Connection, request: Request) -> Card:
        """Show a step, from a button or from the select."""
        state, step = self.state(conn, request), _step(request.value)
        if all(one.step is not step for one in state.steps):
            raise StaleValue
        return cards.setup_card(state, step)

    def leave(self, conn: Connection, request: Request) -> Card:
        """Leave a step as it is."""
        pass_step(conn, request.community.id, _step(request.value))
        return cards.setup_card(self.state(conn, request))

    def blocks(self, conn: Connection, request: Request) -> tuple[Block, ...]:
        """What is on the bot's own page for admins, until everything is done."""
        return cards.home_blocks(self.state(conn, request)) if request.role >= ADMIN else ()

    def _after(self, conn: Connection, request: Request) -> Card:
        return cards.setup_card(self.state(conn, request), said=_("Saved."), replaces=False)

    # ── one step each ─────────────────────────────────────────────────────────

    def take_home(self, conn: Connection, request: Request) -> Card | FieldErrors:
        """Name, zone, language and country."""
        readers = {"name": read_name, "zone": read_zone, "country": read_country}
        wanted, errors = _read(request, readers)
        if errors:
            return FieldErrors(errors)
        wanted["language"] = request.text("language")
        old = community_by_id(conn, request.community.id)
        new = chosen.choose_home(conn, old, wanted)
        if new.zone != old.zone:
            edits.plan_again(conn, old.id, request.now)
        before, after = ({name: getattr(one, name) for name in chosen.FIELDS} for one in (old, new))
        note_change(conn, request, "changed", "setup", before, after)
        return self._after(conn, request)

    def _year_form(self, days: SetupCalendar, conn: Connection, request: Request) -> Form:
        """The form of the school year, with what was set, else with the usual days of this one."""
        home = community_by_id(conn, request.community.id)
        first, last, breaks = days.find_year(conn, home.id, home.day_of(request.now))
        return cards.year_form(first, last, home.country, breaks=breaks)

    async def _take_year(self, calendar: SetupCalendar, request: Request) -> Card | FieldErrors:
        """Put the school year into the calendar."""
        today = request.community.day_of(request.now)
        try:
            days = read_school_year(request.text("days"), today)
        except ValueError as error:
            return FieldErrors({"days": str(error)})
        await asyncio.to_thread(calendar.read_holidays, request.community.country, today)

        def add(conn: Connection) -> Card:
            home = community_by_id(conn, request.community.id)
            calendar.add_year(conn, home, days, breaks=request.text("breaks") == "yes", now=request.now)
            after = {"from": days[0].isoformat(), "to": days[1].isoformat()}
            note_change(conn, request, "added", "calendar", None, after)
            return self._after(conn, request)

        return await self.store.write(add)

    def danger_form(self, conn: Connection, request: Request) -> Form:
        """The form of who to call, with what holds now."""
        text = chosen.danger_text_of(conn, request.community.id)
        return cards.danger_form(self.means.danger.get(request.community.slug, "") if text is None else text)

    async def take_danger(self, request: Request) -> Card:
        """Change who to call."""

        def change(conn: Connection) -> Card:
            chosen.choose_danger_text(conn, request.community.id, request.text("text"))
            pass_step(conn, request.community.id, SetupStep.DANGER)
            note_change(
                conn, request, "changed", "who to call", None, {"characters": len(request.text("text"))}
            )
            return self._after(conn, request)

        return await self._write_and_refresh(change)

    async def take_moderators(self, request: Request) -> Card | FieldErrors:
        """Make a person, or a role or group, moderators."""
        space, person, group = request.person.space, request.text("person"), request.text("group")
        if not (person or group):
            return FieldErrors({"person": _("Choose a person, or a role or group.")})
        facts = [f"{space}:id:{person}"] if person else []
        # A group is called so by one platform and a role by another; the other of the two never exists.
        facts += [f"{space}:{kind}:{group}" for kind in ("group", "role")] if group else []

        def change(conn: Connection) -> Card | FieldErrors:
            known = chosen.moderators_of(conn, request.community.id)
            wanted = [*known, *(one for one in facts if one not in known)]
            if len(wanted) > chosen.MOST:
                return FieldErrors({"person" if person else "group": _(FULL)})
            chosen.choose_moderators(conn, request.community.id, wanted)
            note_change(conn, request, "added", "moderators", {"count": len(known)}, {"count": len(wanted)})
            return self._after(conn, request)

        return await self._write_and_refresh(change)

    async def clear_moderators(self, request: Request) -> Card:
        """Nobody moderates by choice in chat any more; whom the settings name stays."""

        def change(conn: Connection) -> Card:
            known = chosen.moderators_of(conn, request.community.id)
            chosen.choose_moderators(conn, request.community.id, [])
            note_change(conn, request, "removed", "moderators", {"count": len(known)}, {"count": 0})
            return cards.setup_card(self.state(conn, request), SetupStep.MODERATORS, _("Removed."))

        return await self._write_and_refresh(change)

    def alerts_form(self, conn: Connection, request: Request) -> Form:
        """The form of where moderators hear of trouble."""
        return cards.alerts_form(alerting.place_of(conn, request.community.id))

    def take_alerts(self, conn: Connection, request: Request) -> Card:
        """Moderators hear of trouble in this channel from now on; without one, by direct message."""
        channel, home = request.text("channel"), request.community.id
        before = alerting.place_of(conn, home)
        alerting.hear_in(conn, home, Place(request.place.space, channel) if channel else None)
        pass_step(conn, home, SetupStep.ALERTS)
        old = "direct" if before is None else before.channel
        note_change(conn, request, "changed", "alerts", {"place": old}, {"place": channel or "direct"})
        return self._after(conn, request)

    async def _write_and_refresh(self, change: Callable[[Connection], T]) -> T:
        card = await self.store.write(change)
        await self.means.chosen.refresh(self.store)
        return card

    # ── all of them ───────────────────────────────────────────────────────────

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """See a step, leave it, and remove moderators."""
        return (
            ButtonHandler(cards.SEE, Reads(self.see), ADMIN),
            ButtonHandler(cards.PASS, Writes(self.leave), ADMIN),
            ButtonHandler(cards.CLEAR, Waits(self.clear_moderators), ADMIN),
        )

    def forms(self) -> tuple[FormHandler, ...]:
        """A form for each step but the prompt, which has its own."""
        home = Reads(lambda conn, request: cards.home_form(community_by_id(conn, request.community.id)))
        return (
            FormHandler(cards.HOME, home, Writes(self.take_home), ADMIN),
            *self._year_forms(),
            FormHandler(cards.TEXT, Reads(self.danger_form), Waits(self.take_danger), ADMIN),
            FormHandler(cards.MODERATORS, Reads(_moderators_form), Waits(self.take_moderators), ADMIN),
            FormHandler(cards.ALERTS, Reads(self.alerts_form), Writes(self.take_alerts), ADMIN),
        )

    def _year_forms(self) -> tuple[FormHandler, ...]:
        """The form of the school year, where there is a calendar."""
        days = self.calendar
        if days is None:
            return ()
        return (
            FormHandler(
                cards.YEAR,
                Reads(partial(self._year_form, days)),
                Waits(partial(self._take_year, days)),
                ADMIN,
            ),
        )


def _moderators_form(_conn: Connection, _request: Request) -> Form:
    return cards.moderators_form()


def _step(value: str) -> SetupStep:
    """The step that a button or a select names."""
    try:
        return SetupStep(value.rpartition("/")[2])
    except ValueError:
        raise StaleValue from None


def _read(
    request: Request, readers: Mapping[str, Callable[[str], str]]
) -> tuple[dict[str, str], dict[str, str]]:
    """What the fields say, and what is wrong with some of them."""
    wanted, errors = dict[str, str](), dict[str, str]()
    for name, read in readers.items():
        try:
            wanted[name] = read(request.text(name))
        except ValueError as error:
            errors[name] = str(error)
    return wanted, errors
