"""`tilth verify` and `tilth key`: whether evidence of a course is what was sealed, by whom, and who signs badges."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.startup import read_settings, run_guarded, stop


def verify(
    file: Annotated[Path, typer.Argument(help="The zip file somebody gave you.")],
    key: Annotated[
        str, typer.Option(help="The key that the community publishes (`tilth key`), not one from the file.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")] = False,
) -> None:
    """Check evidence of a finished course, offline. The exit code is 0 only if it is genuine."""
    from bot.courses.evidence.signature import Broken, check_evidence

    try:
        given = _read_key(key)
        found = check_evidence(file)
    except (Broken, ValueError) as error:
        _tell(as_json, {"good": False, "why": str(error)}, str(error))
        raise typer.Exit(1) from None
    good = given == found.fingerprint.replace(" ", "")
    why = _signer(found.fingerprint, known=bool(given), good=good)
    facts = {"good": good, "why": why, "community": found.community, "key": found.fingerprint}
    lines = [
        f"Nothing in it was changed since it was sealed for {found.community}.",
        f"{found.name}: {found.course}",
        f"Key: {found.fingerprint}",
        why,
    ]
    _tell(as_json, facts | {"evidence": found.document}, *lines)
    raise typer.Exit(0 if good else 1)


def _read_key(key: str) -> str:
    """The 32 digits of a key as somebody typed it; empty: none was given. Raises `ValueError` for anything else."""
    given = re.sub(r"\s", "", key).lower()
    if key and not re.fullmatch(r"[0-9a-f]{32}", given):
        raise ValueError("That is no key. Write 32 digits from 0 to 9 and a to f after --key.")
    return given


def _signer(fingerprint: str, *, known: bool, good: bool) -> str:
    if good:
        return "It is the key you gave."
    if known:
        return f"Unknown signer: {fingerprint} is NOT the key you gave."
    return (
        "Unknown signer: anybody can seal such a file with a key of their own. "
        "Ask the community for its key, and give it with --key."
    )


def _tell(as_json: bool, facts: dict[str, object], *lines: str) -> None:
    """Say it to a program or to a person; whoever made the file cannot move the cursor of the person's terminal."""
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False))
        return
    for line in lines:
        typer.echo("".join(c for c in line if c.isprintable()), err=facts["good"] is False)


def key(
    community: Annotated[
        str, typer.Argument(help="The slug of a community. Without it, the first one.")
    ] = "",
    badges: Annotated[
        bool, typer.Option("--badges", help="Print the key that Open Badges are signed with instead.")
    ] = False,
) -> None:
    """Print the key that a community's course evidence is checked with. Publish it."""
    from bot.courses.evidence.credential import BadgeSigner, can_sign_badges
    from bot.courses.evidence.signature import Seal
    from bot.store.secret import require_secret

    if badges and not can_sign_badges():
        stop("Open Badges are not set up here: install tilth-bot[badges].")

    found = read_settings()
    known = {one.slug for one in found.all_communities()}
    slug = community or found.community.slug
    if slug not in known:
        stop(f"There is no community {slug}. Use one of these: {', '.join(sorted(known))}.", 2)

    def tell() -> None:
        url, given = found.store.url.get_secret_value(), found.secret.get_secret_value()
        secret = require_secret(url, given, found.store.folder)
        typer.echo(BadgeSigner(secret, slug).issuer if badges else Seal(secret, slug).fingerprint)

    run_guarded(tell)
