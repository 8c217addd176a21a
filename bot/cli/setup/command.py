"""`tilth setup`: asks what is missing, writes it down, and leaves a bot that knows its first dates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.startup import read_settings, run_guarded, stop
from bot.platforms import PLATFORMS

NAMES = " or ".join(one.name for one in PLATFORMS)


def setup(
    platform: Annotated[str, typer.Argument(help=f"{NAMES}. Without it, setup asks.")] = "",
    name: Annotated[str, typer.Option(help="What members call the community.")] = "",
    zone: Annotated[str, typer.Option(help="A time zone or a city, like Denver.")] = "",
    language: Annotated[str, typer.Option(help="English or Spanish.")] = "",
    country: Annotated[str, typer.Option(help="Two letters, like US.")] = "",
    school_year: Annotated[str, typer.Option(help='The first and last day of school, like "aug 17 to jun 4"; none.')] = "",
    danger_text: Annotated[str, typer.Option(help="Who to call when somebody is in danger, or @FILE.")] = "",
    moderator: Annotated[list[str] | None, typer.Option(help="A person, role or group. May be given several times.")] = None,
    channel: Annotated[str, typer.Option(help="The channel of the first prompts.")] = "",
    when: Annotated[str, typer.Option(help='When they come, like "every mon 9am".')] = "",
    after: Annotated[str, typer.Option("--then", help="What is done at the end: nothing, test, start, or post.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing. Tokens come from the environment or .env.")] = False,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open links in a browser, where there is one.")] = True,
) -> None:  # fmt: skip
    """Set Tilth up on a platform, step by step. Leave it with Ctrl+C; the next time it continues there."""
    from bot.cli.setup.review import check_choice

    check_choice(after)
    given = {
        "name": (name,), "zone": (zone,), "language": (language,), "country": (country,), "school-year": (school_year,),
        "danger-text": (danger_text,), "moderator": tuple(moderator or ()), "channel": (channel,), "when": (when,),
    }  # fmt: skip
    options = {option: tuple(filter(None, texts)) for option, texts in given.items()}
    try:
        run_guarded(lambda: _go_through(platform, options, after, yes=yes, browser=browser))
    except (typer.Abort, KeyboardInterrupt):
        stop("\nYour answers are in .env. Run `tilth setup` again: it continues from here.", 130)


def _go_through(
    platform: str, options: Mapping[str, tuple[str, ...]], after: str, *, yes: bool, browser: bool
) -> None:
    """Every step, the first that is missing first."""
    from bot.cli.setup.answers import Answers
    from bot.cli.setup.channel import settle_channel, wait_for_channel
    from bot.cli.setup.connection import Connecting, choose_platform
    from bot.cli.setup.facts import CommunityFacts
    from bot.cli.setup.finish import Finish
    from bot.cli.setup.review import TEST, Review
    from bot.cli.setup.screen import Screen
    from bot.cli.setup.standing_plan import read_standing
    from bot.runtime.logs import calm_logs

    screen, answers = Screen(yes=yes, browser=browser), Answers(Path(".env"))
    connecting = Connecting(screen, answers, choose_platform(screen, answers, platform))
    connecting.take_credentials()
    space = connecting.choose_space()
    today = _today(answers.get("COMMUNITY__ZONE"))
    stands = read_standing(answers.get("STORE__URL"), space.key, today)
    facts = CommunityFacts(screen, answers, connecting, space, today, stands)
    facts.take_options(options)
    settle_channel(screen, connecting, facts)
    finish, review = Finish(screen, answers, connecting, facts), Review(screen, facts, after)
    while (choice := review.go_through()) == TEST and not yes:
        wait_for_channel(screen, connecting, facts)
        finish.post_test()
    wait_for_channel(screen, connecting, facts)
    facts.write_down()
    settings = read_settings()  # whole now: what is wrong in it is named before anything is opened
    calm_logs()
    run_guarded(lambda: finish.plan(settings))
    finish.examine(settings)
    finish.go_on(settings, choice)


def _today(zone: str) -> date:
    """The day it is for the community, as far as its zone is known."""
    now = datetime.now(UTC)
    try:
        from zoneinfo import ZoneInfo

        return now.astimezone(ZoneInfo(zone)).date() if zone else now.astimezone().date()
    except (KeyError, ValueError, OSError):
        return now.date()
