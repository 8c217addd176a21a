"""Commands, buttons, selects and forms, with the deadlines Discord sets for answering them."""

from __future__ import annotations

import asyncio

import discord
import pytest
from discord import app_commands, ui

from tests.fakes.discord import Impossible, reading
from tests.fakes.discord.conftest import Bare


class Plot(Bare):
    """A client with a little of everything."""

    def __init__(self) -> None:
        super().__init__()
        group = app_commands.Group(name="garden", description="The garden")
        self.tree.add_command(group)
        self.heard_values: list[object] = []

        @group.command(name="water", description="Water a bed")
        @app_commands.describe(bed="which bed", liters="how much")
        async def water(
            it: discord.Interaction, bed: str, liters: int = 5, helper: discord.Member | None = None
        ) -> None:
            self.heard_values.append((bed, liters, helper))
            await it.response.send_message(f"{bed}: {liters} liters", ephemeral=True)

        @water.autocomplete("bed")
        async def beds(_: discord.Interaction, text: str) -> list[app_commands.Choice[str]]:
            return [app_commands.Choice(name=b, value=b.lower()) for b in ("Beans", "Beets") if text in b]

        @group.command(name="slow", description="Takes its time")
        async def slow(it: discord.Interaction, private: bool = True) -> None:
            await it.response.defer(ephemeral=private, thinking=True)
            await it.followup.send("the first", ephemeral=not private)
            await it.followup.send("the second", ephemeral=private)

        @group.command(name="form", description="Asks")
        async def form(it: discord.Interaction) -> None:
            await it.response.send_modal(Sheet(self))

        @self.tree.context_menu(name="Keep this")
        async def keep(it: discord.Interaction, message: discord.Message) -> None:
            await it.response.send_message(f"kept: {message.content}", ephemeral=True)

        self.tree.add_command(group, override=True)

    async def setup_hook(self) -> None:
        await self.tree.sync()


class Sheet(ui.Modal, title="Your week"):
    text = ui.Label(text="What grew?", component=ui.TextInput(style=discord.TextStyle.long, max_length=200))
    mood = ui.Label(
        text="How was it?",
        description="Choose one",
        component=ui.RadioGroup(
            options=[discord.RadioGroupOption(label="Sunny"), discord.RadioGroupOption(label="Rainy")]
        ),
    )
    tools = ui.Label(
        text="Tools",
        component=ui.CheckboxGroup(
            required=False,
            options=[discord.CheckboxGroupOption(label="Spade"), discord.CheckboxGroupOption(label="Rake")],
        ),
    )
    friend = ui.Label(text="With whom?", component=ui.UserSelect(required=False))

    def __init__(self, plot: Plot) -> None:
        super().__init__(custom_id="sheet")
        self.plot = plot

    async def on_submit(self, it: discord.Interaction) -> None:
        friends = [u.display_name for u in self.friend.component.values]
        answer = (self.text.component.value, self.mood.component.value, self.tools.component.values, friends)
        self.plot.heard_values.append(answer)
        await it.response.send_message("thank you", ephemeral=True)


class Board(ui.LayoutView):
    """Text, a button with memory of nothing, and a select."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        box = ui.Container(ui.TextDisplay("## The *garden* <t:1759654800:D>"))
        row, other = ui.ActionRow(), ui.ActionRow()
        press = ui.Button(label="Count", custom_id="count:1")
        choose = ui.Select(
            custom_id="bed",
            placeholder="Bed",
            options=[discord.SelectOption(label=b) for b in ("Beans", "Beets")],
        )
        press.callback = self.count
        choose.callback = self.choose
        row.add_item(press)
        other.add_item(choose)
        box.add_item(row)
        self.add_item(box)
        self.add_item(other)
        self.chosen = choose

    async def count(self, it: discord.Interaction) -> None:
        done = ui.LayoutView()
        done.add_item(ui.TextDisplay("counted"))
        await it.response.edit_message(view=done)

    async def choose(self, it: discord.Interaction) -> None:
        await it.response.defer()
        await it.followup.send(f"you chose {self.chosen.values}", ephemeral=True)


@pytest.fixture
async def scene(d, start):
    guild = d.guild()
    channel, ana, ben = d.channel(guild, "plots"), d.member("Ana", guild), d.member("Ben", guild)
    return await start(Plot()), channel, ana, ben


async def test_a_command_arrives_with_its_options_and_is_answered_to_one_person(d, scene):
    client, channel, ana, ben = scene
    asked = await d.slash(ana, channel, "garden water", bed="Beans", liters=7, helper=ben)
    ((bed, liters, helper),) = client.heard_values
    assert (bed, liters, helper.display_name) == ("Beans", 7, "Ben")
    assert (asked.acked, asked.ephemeral) == (4, True)
    assert [d.text(m) for m in d.ephemerals(ana, channel)] == ["Beans: 7 liters"]
    assert d.ephemerals(ben, channel) == []
    assert d.messages(channel) == []


async def test_the_client_of_a_person_refuses_what_discord_would_not_let_them_send(d, scene):
    _, channel, ana, _ = scene
    for call in (
        lambda: d.slash(ana, channel, "garden dig"),
        lambda: d.slash(ana, channel, "garden water"),
        lambda: d.slash(ana, channel, "garden water", bed="Beans", liters="many"),
        lambda: d.slash(ana, channel, "garden water", bed="Beans", color="red"),
        lambda: d.slash(ana, channel, "shed"),
    ):
        with pytest.raises(Impossible):
            await call()


async def test_choices_are_offered_while_typing(d, scene):
    _, channel, ana, _ = scene
    assert await d.autocomplete(ana, channel, "garden water", "bed", "Bee") == [("Beets", "beets")]


async def test_the_first_follow_up_fills_the_loading_message_as_visibly_as_the_deferral_said(d, scene):
    _, channel, ana, _ = scene
    asked = await d.slash(ana, channel, "garden slow", private=True)
    assert asked.acked == 5
    await d.settle()
    assert [d.text(m) for m in d.ephemerals(ana, channel)] == ["the first", "the second"]
    await d.slash(ana, channel, "garden slow", private=False)
    await d.settle()
    assert [d.text(m) for m in d.messages(channel)] == ["the first", "the second"]


async def test_a_form_is_shown_filled_in_and_heard(d, scene):
    client, channel, ana, ben = scene
    asked = await d.slash(ana, channel, "garden form")
    assert asked.acked == 9
    assert reading.form(d.modal(ana)).splitlines() == [
        "Your week",
        "What grew?*",
        "How was it?*: Sunny / Rainy",
        "  Choose one",
        "Tools: Spade / Rake",
        "With whom?: people",
    ]
    with pytest.raises(Impossible):
        await d.submit(ana, {"How was it?": "Sunny"})
    await d.submit(
        ana, {"What grew?": "Beans", "How was it?": "Sunny", "Tools": ["Spade", "Rake"], "With whom?": [ben]}
    )
    assert client.heard_values == [("Beans", "Sunny", ["Spade", "Rake"], ["Ben"])]
    assert d.modal(ana) is None
    assert [d.text(m) for m in d.ephemerals(ana, channel)] == ["thank you"]


async def test_a_context_menu_has_the_whole_message(d, scene):
    _, channel, ana, ben = scene
    said = await d.say(ben, channel, "water in the evening")
    await d.context_menu(ana, "Keep this", said)
    assert [d.text(m) for m in d.ephemerals(ana, channel)] == ["kept: water in the evening"]


async def test_buttons_and_selects_work_in_a_layout(d, scene):
    client, channel, ana, _ = scene
    await client.get_channel(channel.id).send(view=Board())
    (board,) = d.messages(channel)
    assert d.text(board).splitlines() == ["The garden 5 October 2025", "[Count]", "Bed: Beans / Beets"]
    chosen = await d.choose(ana, board, "Bed", "Beets")
    assert chosen.acked == 6
    await d.settle()
    assert [d.text(m) for m in d.ephemerals(ana, channel)] == ["you chose ['Beets']"]
    with pytest.raises(Impossible):
        await d.press(ana, board, "Dance")
    pressed = await d.press(ana, board, "Count")
    assert pressed.acked == 7
    assert [d.text(m) for m in d.messages(channel)] == ["counted"]


async def test_an_answer_after_three_seconds_is_refused_and_the_person_told(d, scene, watch):
    client, channel, ana, _ = scene

    @client.tree.command(name="late", description="Late")
    async def late(it: discord.Interaction) -> None:
        watch.forward(seconds=3.1)
        with pytest.raises(discord.NotFound) as error:
            await it.response.send_message("sorry")
        client.heard_values.append(error.value.code)

    await client.tree.sync()
    asked = d.slash_unanswered(ana, channel, "late")
    await d.until(lambda: client.heard_values)
    assert client.heard_values == [10062]
    assert asked.acked is None


async def test_a_second_answer_is_refused(d, scene):
    client, channel, ana, _ = scene

    @client.tree.command(name="twice", description="Twice")
    async def twice(it: discord.Interaction) -> None:
        await it.response.send_message("once")
        again = discord.InteractionResponse(it)
        with pytest.raises(discord.InteractionResponded):
            await again.defer()

    await client.tree.sync()
    await d.slash(ana, channel, "twice")
    await d.settle()
    assert [c.status for c in d.calls_to("POST /interactions/{}/{}/callback")] == [200, 400]


async def test_a_token_lives_for_fifteen_minutes(d, scene, watch):
    client, channel, ana, _ = scene
    kept: list[discord.Interaction] = []

    @client.tree.command(name="later", description="Later")
    async def later(it: discord.Interaction) -> None:
        kept.append(it)
        await it.response.send_message("now", ephemeral=True)

    await client.tree.sync()
    await d.slash(ana, channel, "later")
    watch.forward(minutes=14, seconds=59)
    await kept[0].followup.send("in time", ephemeral=True)
    await kept[0].edit_original_response(content="then")
    watch.forward(seconds=2)
    with pytest.raises(discord.HTTPException) as error:
        await kept[0].followup.send("too late", ephemeral=True)
    assert (error.value.status, error.value.code) == (401, 50027)
    assert [d.text(m) for m in d.ephemerals(ana, channel)] == ["then", "in time"]


async def test_a_follow_up_before_the_first_answer_is_refused(d, scene):
    client, channel, ana, _ = scene

    @client.tree.command(name="eager", description="Eager")
    async def eager(it: discord.Interaction) -> None:
        with pytest.raises(discord.NotFound) as error:
            await it.followup.send("hello?")
        await it.response.send_message(str(error.value.code))

    await client.tree.sync()
    await d.slash(ana, channel, "eager")
    assert [d.text(m) for m in d.messages(channel)] == ["10015"]


@pytest.mark.parametrize("echo", [True, False])
async def test_ephemeral_messages_come_back_as_if_direct_when_asked(d, scene, echo):
    client, channel, ana, _ = scene
    d.echo_ephemerals = echo
    await d.slash(ana, channel, "garden water", bed="Beans")
    await d.settle()
    heard = client.got("message")
    assert len(heard) == echo
    for message in heard:
        assert message.guild is None
        assert message.flags.ephemeral
        assert message.channel.id == channel.id


async def test_nobody_is_kept_waiting_by_a_client_that_never_answers(d, scene):
    client, channel, ana, _ = scene
    d.answer_within = d.answer_within / 30

    @client.tree.command(name="silent", description="Silent")
    async def silent(_: discord.Interaction) -> None:
        await asyncio.Event().wait()

    await client.tree.sync()
    assert (await d.slash(ana, channel, "silent")).failed
