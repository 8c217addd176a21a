"""What an adapter does whose platform shows a bot nobody's e-mail address."""

from __future__ import annotations

from collections.abc import Collection, Mapping


class Addressless:
    """Implements the verb of `Adapter` about addresses where there are none."""

    async def match_emails(self, space: str, emails: Collection[str]) -> Mapping[str, str] | None:  # noqa: ARG002
        """None: nobody can be found by an address."""
        return None
