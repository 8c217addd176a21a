"""`tilth doctor` as an operator types it."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from bot.cli.startup import read_settings


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Do not connect to any platform.")] = False,
    live: Annotated[
        str,
        typer.Option(help="Post into this channel what shows what the platform can do, and remove it again."),
    ] = "",
    reader: Annotated[
        str, typer.Option(help="With --live: the id of somebody who is shown what only they see.")
    ] = "",
) -> None:
    """Check everything that the bot needs, and print how to fix what is missing."""
    import asyncio

    from bot.cli.doctor import examine_deployment, try_live

    settings = read_settings()
    findings = asyncio.run(examine_deployment(settings, offline=offline))
    if live:
        findings += asyncio.run(try_live(settings, live, reader))
    if as_json:
        rows = [{"level": level, "what": what, "fix": fix} for level, what, fix in findings]
        typer.echo(json.dumps(rows, ensure_ascii=False))
    else:
        signs = {"ok": "ok      ", "warning": "warning ", "error": "ERROR   "}
        for level, what, fix in findings:
            typer.echo(f"{signs[level]}{what}" + (f"\n        → {fix}" if fix else ""))
    raise typer.Exit(1 if any(level == "error" for level, _, _ in findings) else 0)
