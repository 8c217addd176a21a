"""Alembic runs this file for every migration; everything it needs is in `bot.store.migrate`."""

from alembic import context

from bot.store.migrate import configure

configure(context)
