"""Takes the pictures and the recording of the pages anew, from the real playground: `python -m tests.browser.pictures`."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from adapters.local.adapter import LocalAdapter
from adapters.local.page.server import Playground
from bot.playground.app import open_playground, preview_on_platforms
from bot.playground.stage import Stage
from bot.runtime.web import Listener
from tests.browser.conftest import FLAGS, Theme, chromium
from tests.browser.recording import SIZE, record_week, write_gif
from tests.stories.stage import settings_for

DOCS = Path(__file__).parents[2] / "docs"
WIDE, NARROW = ViewportSize(width=1280, height=800), ViewportSize(width=390, height=800)
CARDS = (
    "reflections: The quiet corner",
    "reflections: Looking back: The quiet corner",
    "courses: North: Common ground",
)
"""Of each of these cards of the gallery the first is shown: a prompt, a digest, a team's progress."""
BESIDE = """
.gallery .top, .gallery .index, main > h1, section > h2, .example > h3 { display: none }
.halls { display: block } section { display: contents }
.gallery main { max-width: none; width: 1180px; padding: 1.25rem; columns: 2; column-gap: 1.25rem }
.example { break-inside: avoid; margin-bottom: 1.25rem } .example.last { break-before: column }
"""
KEEP = """wanted => {
  const left = new Set(wanted);
  for (const one of document.querySelectorAll('.example')) {
    const name = one.dataset.room + ': ' + one.querySelector('h3').textContent;
    if (!left.delete(name)) one.remove();
  }
  [...document.querySelectorAll('.example')].at(-1).classList.add('last');
}"""
PROMPT = (
    ("maya", "The bell broke on Tuesday, and nobody rushed. We finished a sentence together."),
    (
        "lucia",
        "Two parents stayed after the meeting to stack chairs, and told me what they had not said in it.",
    ),
    ("noor", "A boy who never speaks explained the experiment to the whole table. I nearly stepped in."),
)


async def main() -> None:
    """Play a week for the recording, and in a new playground a little for the pictures."""
    await play(film)
    await play(take)


async def play(make: Callable[[Browser, str, Stage, LocalAdapter], Awaitable[None]]) -> None:
    """Open a playground, and let something be made of it."""
    with tempfile.TemporaryDirectory() as folder:
        stage, adapter = await open_playground(settings_for(Path(folder)))
        stage.run(False)
        page = Playground(
            adapter, stage, port=0, zone=stage.zone, country=stage.country, renderers=preview_on_platforms()
        )
        await page.start(Listener)
        try:
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
                await make(browser, page.url, stage, adapter)
                await browser.close()
        finally:
            await page.stop()
            await stage.app.stop()


async def film(browser: Browser, url: str, stage: Stage, adapter: LocalAdapter) -> None:
    """The recording."""
    width, height = SIZE
    tab = await look(browser, url, ViewportSize(width=width, height=height))
    made = await record_week(tab, url, stage, adapter, PROMPT)
    write_gif(made, DOCS / "tour.gif")
    print(f"docs/tour.gif: {made.seconds:.1f} s, {(DOCS / 'tour.gif').stat().st_size / 1e6:.2f} MB")


async def take(browser: Browser, url: str, stage: Stage, adapter: LocalAdapter) -> None:
    """All pictures, in the order in which a week brings them."""
    await stage.go_to_next()
    root = next(one.id for one in adapter.world.look("c1") if one.card)
    await stage.advance(timedelta(minutes=13))
    for who, text in PROMPT:
        await adapter.say(who, "c1", text, root)
        await stage.advance(timedelta(minutes=9))
    page = await look(browser, f"{url}?as=tomas&channel=c1&thread={root}", WIDE)
    await page.screenshot(path=DOCS / "playground.png")
    page = await look(browser, f"{url}?as=tomas&channel=c1", WIDE)
    await page.get_by_role("button", name="Answer or edit").click()
    await page.locator("dialog textarea").first.fill(
        "Five minutes at the coat rack, with nothing to sort out."
    )
    await page.screenshot(path=DOCS / "form.png")
    page = await look(browser, f"{url}?as=tomas&channel=c1&thread={root}", NARROW, "dark")
    await page.screenshot(path=DOCS / "phone.png")

    page = await look(browser, f"{url}?as=maya&home=yes", ViewportSize(width=1000, height=920))
    await page.screenshot(path=DOCS / "home.png")
    await adapter.command("maya", "c1", "/team progress")
    page = await look(browser, f"{url}?as=maya&channel=c1", ViewportSize(width=1280, height=1600))
    await page.locator(".picture img").evaluate("e => e.decode()")
    await page.locator(".card", has=page.locator(".picture")).screenshot(path=DOCS / "progress.png")
    page = await look(browser, f"{url}gallery?find=looking+back", WIDE)
    await page.screenshot(path=DOCS / "gallery.png")
    for name in ("Slack", "Discord"):
        page = await look(
            browser, f"{url}gallery?as={name}&theme={'dark' if name == 'Discord' else 'light'}", WIDE
        )
        await page.evaluate(KEEP, list(CARDS))
        await page.add_style_tag(content=BESIDE)
        await page.locator("main").screenshot(path=DOCS / f"{name.lower()}.png")


async def look(browser: Browser, url: str, size: ViewportSize, theme: Theme = "light") -> Page:
    """A tab of its own, without the tour; the page's policy is off so that the gallery can be laid out anew."""
    context = await browser.new_context(viewport=size, locale="en-US", color_scheme=theme, bypass_csp=True)
    await context.add_init_script("localStorage.setItem('tour', 'done')")
    page = await context.new_page()
    await page.goto(url)
    await page.wait_for_load_state("load")
    return page


if __name__ == "__main__":
    asyncio.run(main())
