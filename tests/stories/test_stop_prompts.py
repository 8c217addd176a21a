"""Where the open prompt asks what somebody would stop, an answer that begins with "Stop" unsubscribes nobody."""

from __future__ import annotations

import pytest

from tests.stories.test_talk import ASKED, reply_to


@pytest.fixture
async def stopping(stage):
    """A prompt that asks what one would stop is open in the room."""
    await stage.asks("mo", "/prompt import deck:stopping -- What would you stop doing?")
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 deck:stopping")
    await stage.until("2026-10-05 09:01")
    return stage


async def test_an_answer_that_sounds_like_a_wish_to_stop_is_asked_about(stopping):
    stage = stopping
    for said in ("Turn off my email on weekends", "Stop these endless data meetings"):
        card = await reply_to(stage, "ada", said)
        assert ASKED in stage.text(card), said
        assert "no more messages" not in stage.text(card)
    assert await stage.answers() == {}
    await stage.presses("ada", card, "Save")
    assert await stage.answers() == {"Ada Quinn": "Stop these endless data meetings"}
    assert "Saved as your answer" in stage.text(
        await reply_to(stage, "ben", "Stop asking kids to line up. That was my moment.")
    )
    await stage.says("mo", "Turn off my email on weekends", thread=stage.prompts()[0])
    await stage.settles()
    assert (await stage.answers())["Mo Hale"] == "Turn off my email on weekends"


@pytest.mark.parametrize(
    "text", ["stop", "unsubscribe me", "Please stop messaging me", "ya no me manden nada"]
)
async def test_whoever_asks_in_so_many_words_is_left_alone_all_the_same(stopping, text):
    assert "no more messages" in stopping.text(await reply_to(stopping, "ada", text))
    await stopping.says("ben", text, thread=stopping.prompts()[0])
    await stopping.settles()
    assert await stopping.answers() == {}


async def test_a_first_message_is_asked_about_too(stage):
    """Nobody listened to this direct conversation before: what is open is asked of the prompts themselves."""
    await stage.asks("mo", "/prompt import deck:stopping -- ¿Qué dejarías de hacer?")
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 deck:stopping")
    await stage.until("2026-10-05 09:01")
    assert ASKED in stage.text(await reply_to(stage, "ben", "apagar las notificaciones después de las 7"))
