"""Alembic runs this file for every migration; everything it needs is in `bot.store.migration_scripts`."""

from alembic import context

from bot.store.migration_scripts import configure

configure(context)
