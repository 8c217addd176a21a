"""`tilth verify` and `tilth key`: whether evidence of a course is what was sealed, and by whom."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.startup import read_settings, run_guarded


def verify(
    file: Annotated[Path, typer.Argument(help="The zip file somebody gave you.")],
    key: Annotated[str, typer.Option(help="The key the community publishes; spaces do not matter.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")] = False,
) -> None:
    """Check evidence of a finished course, offline: exit code 1 when it was changed or sealed by another key."""
    from bot.courses.evidence.signing import Broken, check_evidence

    try:
        found = check_evidence(file)
    except Broken as broken:
        typer.echo(
            json.dumps({"good": False, "why": str(broken)}) if as_json else str(broken), err=not as_json
        )
        raise typer.Exit(1) from None
    trusted = key.replace(" ", "").lower() == found.fingerprint.replace(" ", "") if key else None
    if as_json:
        whole = {"good": trusted is not False, "community": found.community, "key": found.fingerprint}
        typer.echo(json.dumps({**whole, "evidence": found.document}, ensure_ascii=False))
    else:
        typer.echo(f"Nothing in it was changed since it was sealed for {found.community}.")
        typer.echo(f"{found.document.get('name')}: {found.document.get('course')}")
        typer.echo(f"Key: {found.fingerprint}")
        if trusted is None:
            typer.echo(
                "Whether that is the community's key, compare it with what they publish, or use --key."
            )
        else:
            typer.echo("It is the key you gave." if trusted else "It is NOT the key you gave.")
    raise typer.Exit(1 if trusted is False else 0)


def key(community: Annotated[str, typer.Argument(help="Slug; empty: the first community.")] = "") -> None:
    """Print the key with which a community's evidence is sealed, to publish it where people trust it."""
    from bot.courses.evidence.signing import Seal
    from bot.store.secret import require_secret

    found = read_settings()
    known = {one.slug for one in found.all_communities()}
    slug = community or found.community.slug
    if slug not in known:
        typer.echo(f"I know no community {slug}. There are: {', '.join(sorted(known))}.", err=True)
        raise typer.Exit(2)

    def tell() -> None:
        url, given = found.store.url.get_secret_value(), found.secret.get_secret_value()
        typer.echo(Seal(require_secret(url, given, found.store.folder), slug).fingerprint)

    run_guarded(tell)
