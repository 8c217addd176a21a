"""`tilth …`: the commands an operator or an author types. Each imports what it needs only when it runs."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import backup as cli_backup
from bot.cli import copy as cli_copy
from bot.cli import doctor_command as cli_doctor
from bot.cli import restore as cli_restore
from bot.cli import roster as cli_roster
from bot.cli import status as cli_status
from bot.cli import transfer as cli_transfer
from bot.cli import verify as cli_verify
from bot.cli.help_text import WholeSentences
from bot.cli.setup import command as cli_setup
from bot.cli.startup import (
    CONFIG,
    PlatformTools,
    collecting_no_garbage,
    hold_when_wrong,
    is_set_up,
    read_settings,
    require_port,
    run_guarded,
    stop,
)
from bot.platforms import PLATFORMS

app = typer.Typer(
    name="tilth",
    cls=WholeSentences,
    rich_markup_mode=None,  # importing rich takes as long as everything else of `tilth --help`
    help="A community bot. It posts prompts on a schedule, stores the answers, and takes teams through courses.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"tilth {version('tilth-bot')}")
        raise typer.Exit


@app.callback()
def tilth(
    version: Annotated[  # noqa: ARG001 - its callback prints it
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Prompts, answers and course progress in one database."""
    import zoneinfo

    # Zone data of the machine may be years old; ours is pinned with everything else.
    zoneinfo.reset_tzpath(to=())


def _announce(url: str) -> None:
    typer.echo(
        f"\n  Tilth's playground is at {url}\n  Press Ctrl+C to stop it. The next start continues from there.\n"
    )


@app.command()
def play(
    reset: Annotated[bool, typer.Option("--reset", help="Start over with an empty playground.")] = False,
    port: Annotated[int | None, typer.Option(help="The port of the page.")] = None,
    host: Annotated[
        str | None, typer.Option(help="The address to listen on. Without it, only this machine.")
    ] = None,
    real_time: Annotated[bool, typer.Option("--real-time", help="Use this machine's own time.")] = False,
) -> None:
    """Start the playground: try the bot in a browser, with an invented community."""
    import asyncio

    with collecting_no_garbage():
        from bot.playground import app as playground_app

    settings = read_settings(serving=True, calm=True)
    web = settings.web.model_copy(
        update={key: value for key, value in (("port", port), ("host", host)) if value is not None}
    )
    settings = settings.model_copy(update={"web": web})
    run_guarded(lambda: require_port(settings))
    if reset:
        run_guarded(lambda: playground_app.reset(settings))
    run_guarded(lambda: asyncio.run(playground_app.play(settings, _announce, real_time=real_time)))


@app.command()
def run(
    hold: Annotated[
        bool,
        typer.Option("--hold", help="With a wrong setting, print what is wrong and wait instead of exiting."),
    ] = False,
) -> None:
    """Run the bot. With no platform set up, it runs the playground in real time."""
    if hold:
        hold_when_wrong(_run)
    else:
        _run()


def _run() -> None:
    import asyncio

    with collecting_no_garbage():
        settings = read_settings(serving=True)
        run_guarded(lambda: require_port(settings))
        if is_set_up(settings):
            from bot.cli import run as cli_run

    if is_set_up(settings):
        run_guarded(lambda: asyncio.run(cli_run.run(settings)))
    else:
        from bot.playground import app as playground_app

        run_guarded(lambda: asyncio.run(playground_app.play(settings, _announce, real_time=True)))


@app.command()
def health(as_json: Json = False) -> None:
    """Tell whether the running bot is healthy. The exit code is 1 if it is not."""
    from bot.runtime.health import read_health

    well, sentence = read_health(read_settings().store.folder)
    typer.echo(json.dumps({"well": well, "why": sentence}) if as_json else sentence)
    raise typer.Exit(0 if well else 1)


@app.command()
def check(
    content: Annotated[
        Path | None, typer.Argument(help="A content folder. Without it, the one in use.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Check settings, decks and courses. Each problem comes with file, line and column."""
    from bot.doctor.content import check_content
    from bot.settings.environment import content_root

    found = check_content(content or content_root(read_settings()))
    if found.problems:
        words = json.dumps({"problems": found.problems}) if as_json else "\n".join(found.problems)
        typer.echo(words, err=not as_json)
        raise typer.Exit(CONFIG)
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False))
    else:
        typer.echo("\n".join(found.lines))


@app.command()
def gallery(
    name: Annotated[str, typer.Argument(help="Only cards of this room. Without it, all rooms.")] = "",
    find: Annotated[str, typer.Option(help="Only cards with these words.")] = "",
    language: Annotated[str, typer.Option(help="The language of the cards: en or es.")] = "en",
    as_json: Json = False,
) -> None:
    """Print every card that the bot can show, as plain text."""
    from bot.cli.gallery import find_cards, list_as_json, list_as_text

    try:
        cards = find_cards(read_settings(), room=name, words=find, language=language)
    except ValueError as error:
        stop(str(error), 2)
    typer.echo(list_as_json(cards) if as_json else list_as_text(cards))


@app.command()
def preview(
    rule: Annotated[
        str,
        typer.Argument(
            help='A schedule, like "every mon 9am America/Chicago". Without it, everything scheduled.'
        ),
    ] = "",
    weeks: Annotated[int, typer.Option(help="How many weeks to look ahead.", min=1, max=520)] = 10,
    start: Annotated[
        str, typer.Option("--from", help="The first day, like 2026-10-01. Without it, today.")
    ] = "",
    example: Annotated[
        bool, typer.Option("--example", help="Show the school year of an invented community.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Print the coming dates, with what is skipped, clock changes and clashes."""
    from bot.cli.preview import preview_dates

    settings = read_settings()
    try:
        run_guarded(
            lambda: typer.echo(preview_dates(settings, rule, start, weeks, example=example, as_json=as_json))
        )
    except ValueError as error:
        stop(str(error), 2)


@app.command()
def rehearse(
    weeks: Annotated[int, typer.Option(help="How many weeks to play.", min=1, max=60)] = 6,
    members: Annotated[int, typer.Option(help="How many invented members.", min=3, max=20000)] = 40,
    seed: Annotated[int, typer.Option(help="The same number plays the same weeks again.")] = 1,
    keep: Annotated[Path | None, typer.Option(help="Keep the database in this file.")] = None,
    as_json: Json = False,
) -> None:
    """Play some weeks at full speed, and check that nothing is lost or posted twice."""
    import asyncio

    from bot.playground.rehearsal import rehearse as perform

    settings = read_settings()
    ok = False

    def go() -> None:
        nonlocal ok
        ok = asyncio.run(
            perform(settings, weeks=weeks, members=members, seed=seed, keep=keep, as_json=as_json)
        )

    run_guarded(go)
    raise typer.Exit(0 if ok else 1)


@app.command()
def generate(
    verify: Annotated[
        bool, typer.Option("--verify", help="Change nothing. Fail if a file is not current.")
    ] = False,
) -> None:
    """Write the files that are made from the code, like .env.example (for developers)."""
    from bot.cli.generate import stale_files, write_files

    root = Path.cwd()
    if not (root / "pyproject.toml").is_file():
        stop("Run this in a checkout of Tilth.", 2)
    if not verify:
        for path in write_files(root):
            typer.echo(f"wrote {path}")
    elif old := stale_files(root):
        stop(f"Not current: {', '.join(old)}. Run `make generated`.", 1)


@app.command(hidden=True)
def revision(message: str) -> None:
    """Write a migration for tables that changed (for developers)."""
    import tempfile

    import bot.all_tables  # noqa: F401 - every table must be known
    from bot.store.migrate import upgrade
    from bot.store.migration_scripts import new_revision

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/blank.db"
        upgrade(url)
        typer.echo(str(new_revision(message, url)))


app.command()(cli_setup.setup)
app.command()(cli_doctor.doctor)
app.command()(cli_backup.backup)
app.command()(cli_restore.restore)
app.command()(cli_copy.copy)
app.command()(cli_status.status)
app.command("export")(cli_transfer.export_community)
app.command("import")(cli_transfer.import_community)
app.command("import-roster")(cli_roster.import_roster)
app.command()(cli_verify.verify)
app.command()(cli_verify.key)
for _platform in PLATFORMS:
    app.add_typer(_platform.commands(PlatformTools(_platform.name)), name=_platform.name, cls=WholeSentences)


def main() -> None:
    """The entry point of the `tilth` command."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
