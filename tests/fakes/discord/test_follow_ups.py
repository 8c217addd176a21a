"""After the first answer: the original message, follow-ups, forms opened from buttons, and what does not fit."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from discord import app_commands, ui

from tests.fakes.discord import Impossible
from tests.fakes.discord.conftest import Bare


class Kept(Bare):
    """A client that keeps every interaction and leaves the answering to the test."""

    def __init__(self) -> None:
        super().__init__()
        self._connection._command_tree = None  # nobody but the test answers
        self.kept: list[discord.Interaction] = []

    async def on_interaction(self, it: discord.Interaction) -> None:
        self.kept.append(it)

    async def setup_hook(self) -> None:
        body = [{"name": "go", "description": "x"}, {"name": "Greet", "type": 2}]
        await self.http.bulk_upsert_global_commands(self.application_id, body)


@pytest.fixture
async def scene(d, start):
    guild = d.guild()
    channel = d.channel(guild, "plots")
    return await start(Kept()), channel, d.member("Ana", guild), d.member("Ben", guild)


async def opened(d, client, it) -> tuple[Any, discord.Interaction]:
    """An interaction as the fake and as the client know it."""
    await d.until(lambda: client.kept and client.kept[-1].id == it.id)
    return it, client.kept[-1]


async def called(d, scene) -> tuple[Any, discord.Interaction]:
    client, channel, ana, _ = scene
    return await opened(d, client, d.slash_unanswered(ana, channel, "go"))


def button(*, custom_id: str = "b") -> ui.View:
    view = ui.View(timeout=None)
    view.add_item(ui.Button(label="Open", custom_id=custom_id))
    return view


async def pressed(d, scene, **more: Any) -> tuple[Any, discord.Interaction, dict[str, Any]]:
    client, channel, ana, _ = scene
    await client.get_channel(channel.id).send("question", view=button())
    message = d.messages(channel)[-1]
    task = d.asked.new(3, ana, channel, {"component_type": 2, "custom_id": "b"}, source=d.find(message))
    asked, it = await opened(d, client, task)
    return asked, it, message


@pytest.mark.parametrize("private", [True, False])
async def test_the_original_can_be_read_changed_and_removed(d, scene, private):
    _, channel, ana, _ = scene
    _, it = await called(d, scene)
    await it.response.send_message("one", ephemeral=private)
    seen = (lambda: d.ephemerals(ana, channel)) if private else (lambda: d.messages(channel))
    assert (await it.original_response()).content == "one"
    await it.edit_original_response(content="two", attachments=[discord.File(__file__, "a.txt")])
    assert [d.text(m) for m in seen()] == ["two\n[file: a.txt]"]
    extra = await it.followup.send("three", ephemeral=private, wait=True)
    await extra.edit(content="four")
    assert [m["content"] for m in seen()] == ["two", "four"]
    await extra.delete()
    await it.delete_original_response()
    assert seen() == []
    with pytest.raises(discord.NotFound) as error:
        await it.edit_original_response(content="gone")
    assert error.value.code == 10008


async def test_a_public_deferral_is_seen_loading_and_then_filled(d, scene):
    client, channel, _, _ = scene
    _, it = await called(d, scene)
    await it.response.defer(thinking=True)
    (loading,) = d.messages(channel)
    assert loading["flags"] & 1 << 7
    await d.settle()
    assert [m.flags.loading for m in client.got("message")] == [True]
    await it.edit_original_response(content="done")
    await d.settle()
    assert [m["content"] for m in d.messages(channel)] == ["done"]
    assert [e.message.content for e in client.got("raw_message_edit")] == ["done"]


async def test_after_a_deferred_update_the_original_is_the_message_with_the_button(d, scene):
    _, channel, ana, _ = scene
    _, it, message = await pressed(d, scene)
    assert it.message.id == int(message["id"])
    await it.response.defer()
    await it.edit_original_response(content="answered", view=None)
    await it.followup.send("thanks", ephemeral=True)
    assert [d.text(m) for m in d.messages(channel)] == ["answered"]
    assert [d.text(m) for m in d.ephemerals(ana, channel)] == ["thanks"]


async def test_a_form_opened_from_a_button_knows_its_message_and_may_change_it(d, scene):
    client, channel, ana, _ = scene
    _, it, message = await pressed(d, scene)
    modal = ui.Modal(title="Say", custom_id="m")
    modal.add_item(ui.Label(text="What?", component=ui.TextInput(custom_id="t")))
    await it.response.send_modal(modal)
    assert d.modal(ana)["title"] == "Say"
    sent = d.asked.new(5, ana, channel, {"custom_id": "m", "components": []}, source=d.find(message))
    _, form = await opened(d, client, sent)
    assert form.message.id == int(message["id"])
    await form.response.edit_message(content="filled in", view=None)
    assert [d.text(m) for m in d.messages(channel)] == ["filled in"]


async def test_a_form_can_be_closed_and_is_sent_only_once(d, scene):
    _, _, ana, _ = scene
    _, it = await called(d, scene)
    modal = ui.Modal(title="Say", custom_id="m")
    modal.add_item(ui.Label(text="What?", component=ui.TextInput(custom_id="t", max_length=3, min_length=2)))
    await it.response.send_modal(modal)
    for text in ("", "x", "long"):
        with pytest.raises(Impossible):
            await d.submit(ana, {"What?": text})
    with pytest.raises(Impossible):
        await d.submit(ana, {"What?": "xyz", "Why?": "because"})
    await d.dismiss(ana)
    with pytest.raises(Impossible):
        await d.submit(ana, {"What?": "xyz"})


@pytest.mark.parametrize(
    ("kind", "data"), [(6, {}), (7, {"content": "x"}), (8, {"choices": []}), (1, {}), (12, {})]
)
async def test_an_answer_that_does_not_fit_a_command_is_refused_and_another_may_follow(d, scene, kind, data):
    _, it = await called(d, scene)
    adapter = discord.webhook.async_.async_context.get()
    params = discord.webhook.async_.interaction_response_params(kind, data)
    with pytest.raises(discord.HTTPException) as error:
        await adapter.create_interaction_response(it.id, it.token, session=it._session, params=params)
    assert error.value.code == 50035
    await it.response.send_message("well then")


async def test_a_form_cannot_open_another_and_an_unknown_token_opens_nothing(d, scene):
    client, channel, ana, _ = scene
    sent = d.asked.new(5, ana, channel, {"custom_id": "m", "components": []})
    _, form = await opened(d, client, sent)
    with pytest.raises(discord.HTTPException) as error:
        await form.response.send_modal(ui.Modal(title="Again"))
    assert error.value.code == 50035
    form.token = "another"
    with pytest.raises(discord.NotFound) as missing:
        await form.response.defer()
    assert missing.value.code == 10062


async def test_answers_keep_to_the_limits_of_messages_and_forms(d, scene):
    _, it = await called(d, scene)
    with pytest.raises(discord.HTTPException) as error:
        await it.response.send_message("x" * 2001)
    assert error.value.code == 50035
    with pytest.raises(discord.HTTPException) as error:
        await it.response.send_modal(ui.Modal(title="t" * 46))
    assert error.value.code == 50035
    await it.response.send_message("x", ephemeral=True)
    for act in (lambda t: it.followup.send(t), lambda t: it.edit_original_response(content=t)):
        with pytest.raises(discord.HTTPException) as error:
            await act("x" * 2001)
        assert error.value.code == 50035
    _, it, _ = await pressed(d, scene)
    with pytest.raises(discord.HTTPException) as error:
        await it.response.edit_message(content="x" * 2001)
    assert error.value.code == 50035


async def test_autocompletion_offers_twenty_five_at_most(d, scene):
    client, channel, ana, _ = scene
    asked = d.asked.new(4, ana, channel, {"id": "1", "name": "go", "type": 1, "options": []})
    _, it = await opened(d, client, asked)
    choices = [app_commands.Choice(name=f"{n}", value=f"{n}") for n in range(26)]
    with pytest.raises(discord.HTTPException) as error:
        await it.response.autocomplete(choices)
    assert error.value.code == 50035
    await it.response.autocomplete(choices[:25])
    assert len(asked.choices) == 25


async def test_a_person_can_be_the_target_and_a_choice(d, scene):
    client, channel, ana, ben = scene
    menu = discord.ui.UserSelect(custom_id="who", max_values=2)
    view = ui.View(timeout=None)
    view.add_item(menu)
    chosen: list[str] = []

    async def choose(found: discord.Interaction) -> None:
        chosen.extend(u.display_name for u in menu.values)
        await found.response.defer()

    menu.callback = choose
    await client.get_channel(channel.id).send("who?", view=view)
    await d.choose(ana, d.messages(channel)[-1], "who", ben, ana)
    assert sorted(chosen) == ["Ana", "Ben"]
    with pytest.raises(Impossible):
        await d.choose(ana, d.messages(channel)[-1], "who", ben, ana, ben)
    d.answer_within /= 30
    await d.context_menu(ana, "Greet", ben, channel)
    data = client.kept[-1].data
    assert (data["target_id"], data["resolved"]["users"][str(ben.id)]["global_name"]) == (str(ben.id), "Ben")


async def test_commands_work_in_direct_messages_and_tell_the_language(d, scene):
    client, _, _, _ = scene
    cleo = d.member("Cleo", next(iter(d.world.guilds.values())), locale="de")
    dm = await d.open_dm(cleo)
    _, it = await opened(d, client, d.slash_unanswered(cleo, dm, "go"))
    assert (it.guild, it.user.id, it.locale) == (None, cleo.id, discord.Locale.german)
    assert it.context.dm_channel
    await it.response.send_message("hier", ephemeral=True)
    assert [d.text(m) for m in d.ephemerals(cleo, dm)] == ["hier"]


async def test_nobody_else_can_press_a_button_that_only_one_person_sees(d, scene):
    _, channel, ana, ben = scene
    _, it = await called(d, scene)
    await it.response.send_message("only you", ephemeral=True, view=button())
    (seen,) = d.ephemerals(ana, channel)
    with pytest.raises(Impossible):
        await d.press(ben, seen, "Open")
