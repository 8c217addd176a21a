"""Commands one at a time: made, looked at, changed, removed, within the same limits as all together."""

from __future__ import annotations

import discord
import pytest
from discord.http import Route

GO = {"name": "go", "description": "x"}


@pytest.fixture
async def http(d, start):
    d.guild()
    client = await start()
    return client.http, client.application_id


async def test_a_command_is_made_changed_and_removed(d, http):
    rest, app = http
    made = await rest.upsert_global_command(app, GO)
    again = await rest.upsert_global_command(app, GO | {"description": "y"})
    assert made["id"] == again["id"]
    assert len(d.command_creates[None]) == 1
    assert (await rest.get_global_command(app, made["id"]))["description"] == "y"
    await rest.edit_global_command(app, made["id"], {"description": "z"})
    assert [c["description"] for c in await rest.get_global_commands(app)] == ["z"]
    await rest.delete_global_command(app, made["id"])
    assert d.commands[None] == []


async def test_each_way_of_telling_commands_keeps_to_the_limits(d, http):
    rest, app = http
    made = await rest.upsert_global_command(app, GO)
    one = Route("PATCH", "/applications/{app}/commands/{id}", app=app, id=made["id"])
    for act in (
        lambda: rest.bulk_upsert_global_commands(app, [GO | {"name": "Not Lower"}]),
        lambda: rest.upsert_global_command(app, GO | {"name": "Not Lower"}),
        lambda: rest.request(one, json={"description": "d" * 101}),
    ):
        with pytest.raises(discord.HTTPException) as error:
            await act()
        assert error.value.code == 50035
    await rest.bulk_upsert_global_commands(app, [GO | {"name": f"c{n}"} for n in range(100)])
    with pytest.raises(discord.HTTPException) as error:
        await rest.upsert_global_command(app, GO)
    assert error.value.code == 50035
    for route in (one, Route("DELETE", "/applications/{app}/commands/{id}", app=app, id=5)):
        with pytest.raises(discord.NotFound) as missing:
            await rest.request(route)
        assert missing.value.code == 10063
