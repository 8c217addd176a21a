"""Records the playground for the README: some twenty seconds of a week, as an animated GIF.

Each scene is a screenshot of the real page with a line that says what happens. A GIF, because readers of a page can stop
it where their site lets them; its frames share one palette and hold only what changed, so that it stays small.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from PIL import Image
from playwright.async_api import Locator, Page

from adapters.local.adapter import LocalAdapter
from bot.playground.stage import Stage

SIZE = (1000, 640)
"""Wide enough for a channel and its thread, and small enough to be read beside a page's text."""
COLORS = 96
CAPTION = """words => {
  let line = document.querySelector('#caption');
  if (!line) {
    line = document.createElement('p');
    line.id = 'caption';
    line.style = 'position:fixed;left:0;right:0;bottom:0;margin:0;padding:.7rem 1rem;z-index:99;' +
      'background:#1f3d24;color:#fff;font:600 1.15rem/1.3 system-ui,sans-serif;text-align:center';
  }
  (document.querySelector('dialog[open]') || document.body).append(line);
  line.textContent = words;
}"""
RING = "e => { e.style.outline = '4px solid #d9822b'; e.style.outlineOffset = '3px' }"
TYPED = "Five minutes at the coat rack, with nothing to sort out."


@dataclass(slots=True)
class Recording:
    """Frames, each with the milliseconds for which it is shown."""

    frames: list[tuple[bytes, int]] = field(default_factory=list)

    async def shoot(self, page: Page, caption: str, milliseconds: int) -> None:
        """Take the page as it is now."""
        await page.evaluate(CAPTION, caption)
        self.frames.append((await page.screenshot(), milliseconds))

    async def press(self, page: Page, button: Locator, caption: str) -> None:
        """Show which button is pressed, and press it."""
        await button.scroll_into_view_if_needed()
        await button.evaluate(RING)
        await self.shoot(page, caption, 900)
        await button.click()

    @property
    def seconds(self) -> float:
        return sum(shown for _png, shown in self.frames) / 1000


async def record_week(page: Page, url: str, stage: Stage, adapter: LocalAdapter, said: Iterable[tuple[str, str]]) -> Recording:  # fmt: skip
    """Play a week in front of the camera: the question, answers, a private one, the digest, a team's progress.

    `page` is a tab of the playground before the first prompt; `said` are replies in the thread: (who, what).
    """
    film = Recording()
    await page.goto(f"{url}?as=tomas&channel=c1")
    await stage.go_to_next()
    await page.get_by_role("button", name="Answer or edit").wait_for()
    await film.shoot(page, "Monday, 9:00 AM: the question of the week. It takes two minutes.", 2800)
    root = next(one.id for one in adapter.world.look("c1") if one.card)
    await page.goto(f"{url}?as=tomas&channel=c1&thread={root}")
    for who, text in said:
        await stage.advance(timedelta(minutes=9))
        await adapter.say(who, "c1", text, root)
        await page.get_by_text(text, exact=True).wait_for()
        await film.shoot(page, "Some answer in the thread. Everyone in the channel can read that.", 1300)
    await answer_in_a_form(film, page, f"{url}?as=tomas&channel=c1")
    await stage.advance(timedelta(days=4))
    await page.goto(f"{url}?as=tomas&channel=c1")
    await page.get_by_text("Looking back", exact=False).last.wait_for()
    await page.get_by_text("Looking back", exact=False).last.scroll_into_view_if_needed()
    await film.shoot(page, "Friday: everyone sees what people chose to share, and nothing else.", 3200)
    await adapter.command("maya", "c1", "/team progress")
    await page.goto(f"{url}?as=maya&channel=c1")
    await page.locator(".picture img").last.evaluate(
        "e => e.decode().then(() => e.scrollIntoView({block: 'start'}))"
    )
    await film.shoot(
        page, "Teams take a course, and see how far they are. Nobody is listed for being silent.", 3600
    )
    return film


async def answer_in_a_form(film: Recording, page: Page, url: str) -> None:
    """Somebody answers for themselves alone: the button, the words, the receipt."""
    private = "Or in a form. Then only you can read it, until you share it."
    await page.goto(url)
    await film.press(page, page.get_by_role("button", name="Answer or edit").first, private)
    field_ = page.locator("dialog textarea").first
    await field_.wait_for()
    for end in (20, 40, len(TYPED)):
        await field_.fill(TYPED[:end])
        await film.shoot(page, private, 600)
    await page.locator("dialog").get_by_role("button", name="Save").click()
    await page.locator("dialog").wait_for(state="hidden")
    await asyncio.sleep(0.5)  # the receipt comes by the live feed
    await film.shoot(page, "The receipt says who can read it. You can change or delete it at any time.", 3000)


def write_gif(film: Recording, path: Path) -> None:
    """Write the frames with one palette for all of them."""
    pictures = [Image.open(io.BytesIO(png)).convert("RGB") for png, _shown in film.frames]
    strip = Image.new("RGB", (SIZE[0], SIZE[1] * len(pictures)))
    for number, one in enumerate(pictures):
        strip.paste(one, (0, SIZE[1] * number))
    palette = strip.quantize(COLORS, dither=Image.Dither.NONE)
    first, *rest = [one.quantize(palette=palette, dither=Image.Dither.NONE) for one in pictures]
    shown = [milliseconds for _png, milliseconds in film.frames]
    first.save(path, save_all=True, append_images=rest, duration=shown, loop=0, optimize=True, disposal=1)
