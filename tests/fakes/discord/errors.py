"""How Discord says no: a status, a number and a sentence; and what its client does not let people do."""

from __future__ import annotations

from typing import Any


class DiscordError(Exception):
    """An answer other than success, with Discord's own body."""

    def __init__(self, status: int, code: int, message: str, errors: dict[str, Any] | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.body: dict[str, Any] = {"message": message, "code": code}
        if errors:
            self.body["errors"] = errors


class Impossible(AssertionError):
    """Discord's own client would not let a person do this: the test is wrong, or the bot left them no way."""


def not_found(what: str = "Unknown") -> DiscordError:
    code = {
        "Channel": 10003,
        "Guild": 10004,
        "Member": 10007,
        "Message": 10008,
        "Role": 10011,
        "User": 10013,
        "Emoji": 10014,
        "Webhook": 10015,
        "Interaction": 10062,
        "application command": 10063,
        "Guild Scheduled Event": 10070,
    }[what]
    return DiscordError(404, code, f"Unknown {what}")


def missing_access() -> DiscordError:
    return DiscordError(403, 50001, "Missing Access")


def missing_permissions() -> DiscordError:
    return DiscordError(403, 50013, "Missing Permissions")


def cannot_message() -> DiscordError:
    return DiscordError(403, 50007, "Cannot send messages to this user")


def archived() -> DiscordError:
    return DiscordError(400, 50083, "Thread is archived")


class Complaints:
    """Collects what is wrong with a body, field by field, and refuses it all at once (code 50035)."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str, str]] = []

    def add(self, where: str, code: str, message: str) -> None:
        """`where` is a dotted path such as `components.0.components.1.label`."""
        self.found.append((where, code, message))

    def longest(self, where: str, text: Any, most: int, least: int = 0) -> None:
        """A string with at least `least` and at most `most` characters."""
        if not isinstance(text, str):
            self.add(where, "BASE_TYPE_BAD_TYPE", "Must be a string.")
        elif least and not text:
            self.add(where, "BASE_TYPE_REQUIRED", "This field is required")
        elif not least <= len(text) <= most:
            span = f"between {least} and {most}" if least else f"{most} or fewer"
            code = "BASE_TYPE_BAD_LENGTH" if least else "BASE_TYPE_MAX_LENGTH"
            self.add(where, code, f"Must be {span} in length.")

    def count(self, where: str, items: Any, most: int, least: int = 0) -> bool:
        """A list with so many items; whether it can be looked at further."""
        if not isinstance(items, list):
            self.add(where, "BASE_TYPE_BAD_TYPE", "Must be a list.")
            return False
        if not least <= len(items) <= most:
            self.add(where, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        return True

    def whole(self, where: str, number: Any, least: int, most: int) -> None:
        if isinstance(number, bool) or not isinstance(number, int):
            self.add(where, "NUMBER_TYPE_COERCE", "Value is not a whole number.")
        elif not least <= number <= most:
            self.add(where, "BASE_TYPE_BAD_INT", f"int value should be between {least} and {most}.")

    def refuse_if_any(self) -> None:
        if not self.found:
            return
        tree: dict[str, Any] = {}
        for where, code, message in self.found:
            node = tree
            for key in where.split("."):
                node = node.setdefault(key, {})
            node.setdefault("_errors", []).append({"code": code, "message": message})
        raise DiscordError(400, 50035, "Invalid Form Body", tree)
