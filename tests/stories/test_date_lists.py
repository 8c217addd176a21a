"""A moderator names the dates of a schedule, and a prompt comes on each of them."""

from __future__ import annotations


async def test_prompts_come_on_the_dates_of_the_list_and_then_no_more(stage):
    await stage.asks("mo", "/prompt schedule #staffroom on 5 oct, 8 oct and 20 oct at 9am closes:1d")
    preview = stage.last("mo")
    assert (
        "20 Oct" in stage.text(preview)
        or "20 October" in stage.text(preview)
        or "October 20" in stage.text(preview)
    )
    await stage.presses("mo", preview, "Confirm")
    came = []
    for day in range(5, 29):
        before = len(stage.prompts())
        await stage.until(f"2026-10-{day:02} 10:00")
        came += [day] if len(stage.prompts()) > before else []
    assert came == [5, 8, 20]
