"""`/discuss edit` with options: another channel, tags, closing, approval, a meeting; from the next one on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.chat.models import Place
from bot.chat.time.rule_parser import parse_rule
from bot.chat.time.rules import Once
from bot.discussions import moderator_cards
from bot.discussions.drafts import find, state_of
from bot.discussions.edit import DiscussionEdits
from bot.discussions.lifecycle import on_record
from bot.discussions.options import close_of, meeting_of, pings_of, role_of, tags_of
from bot.discussions.settings import DiscussionSettings, Dry, read
from bot.feature import Request
from bot.schedules import edits
from bot.schedules.model import BreakPolicy, Schedule
from bot.schedules.recurrence import describe
from bot.store.store import Store


class DiscussionOptionEdits:
    """Changes options of a discussion; for its words it hands over to the form."""

    def __init__(self, store: Store, editing: DiscussionEdits) -> None:
        self._store, self._editing = store, editing

    async def edit(self, request: Request) -> Card | Form:
        """Change options at once, or open the form for the words."""
        given = {name: value for name, value in request.values.items() if name not in ("discussion", "scope")}
        if not given:
            return await self._editing.form(request)
        return await self._store.write(lambda conn: self._change_options(conn, request, given))

    def _change_options(self, conn: Connection, request: Request, given: Mapping[str, object]) -> Card:
        """Change where, how long, who approves and the like, for all that follow."""
        schedule = find(conn, request, request.number("discussion") or 0)
        old = read(schedule)
        plan = self._with_options(request, old, given, schedule)
        policy = BreakPolicy(str(given["breaks"])) if "breaks" in given else schedule.break_policy
        going = edits.change_schedule(
            conn, request.community.id, schedule.id, request.now, plan.places, break_policy=policy, **plan.columns()
        )  # fmt: skip
        before = {**state_of(schedule), "breaks": schedule.break_policy.value}
        after = {**state_of(find(conn, request, schedule.id)), "breaks": policy.value}
        on_record(conn, request, "changed", schedule, before, after)
        rule, _ = parse_rule(schedule.rule)
        facts = moderator_cards.plan_facts(
            plan, describe(rule, ZoneInfo(schedule.zone)), isinstance(rule, Once), policy
        )
        late = " One is already going out as it was." if going else ""
        card = moderator_cards.done(f"d{schedule.id} is changed, from the next one on.{late}")
        return replace(card, blocks=(*card.blocks, facts))

    @staticmethod
    def _with_options(
        request: Request, old: DiscussionSettings, given: Mapping[str, object], schedule: Schedule
    ) -> DiscussionSettings:
        rule, _ = parse_rule(schedule.rule)
        changes: dict[str, Any] = {}
        if "channel" in given:
            changes["place"] = Place(request.place.space, str(given["channel"]))
        if "tags" in given:
            changes["tags"] = tags_of(given["tags"])
        if "close" in given:
            changes["close"] = close_of(given["close"], request.line)
        if "approve" in given:
            changes["approve"] = role_of(given)
            changes["heads_up"] = old.heads_up or (timedelta(days=1) if role_of(given) else None)
        if "headsup" in given:
            changes["heads_up"] = given["headsup"]
        if "dry" in given:
            changes["dry"] = Dry(str(given["dry"]))
        if "pings" in given:
            changes["pings"] = pings_of(request, given["pings"])
        if {"meets", "lasts", "seats", "where"} & set(given):
            changes["meeting"] = meeting_of(given, rule, request.line)
        return replace(old, **changes)
