"""The feature of exports, put together: `/report export`, and what is kept of one until somebody gets it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from bot.exports import cards, tables
from bot.exports.commands import ExportCommands
from bot.exports.maker import ExportMaker
from bot.feature import DataSubject, Feature
from bot.runtime.clock import Clock
from bot.store.secret import DatabaseSecret
from bot.store.store import Store


def feature(store: Store, clock: Clock, secret: DatabaseSecret) -> Feature:
    """Exports for moderators; their pseudonyms are made with the community's `secret`."""
    maker = ExportMaker(store, clock, secret)
    commands = ExportCommands(maker)
    return Feature(
        name="exports",
        forget=(forget,),
        hand_over=hand_over,
        commands=commands.commands(),
        forms=commands.forms(),
        buttons=commands.buttons(),
        jobs=maker.jobs(),
        retention=tables.retention(),
        keeps=(tables.export_piece.c.data,),
        examples=cards.examples,
    )


def forget(conn: Connection, whose: DataSubject) -> None:
    """Remove what a member asked for, and every file that may hold their words."""
    tables.forget(conn, whose.community.id, whose.member_id)


def hand_over(conn: Connection, whose: DataSubject) -> Mapping[str, list[dict[str, object]]]:
    """What a moderator exported lately."""
    return {"exports": tables.hand_over(conn, whose.community.id, whose.member_id)}
