"""Addresses of webhooks: which may be called, checked when one is set up and at each call, after its name was resolved.

Whoever may set up a webhook could otherwise reach what only this machine reaches: its own services, and those of its network
(server-side request forgery).
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

LONGEST = 500
"""Characters of an address."""
PORTS = {"https": 443, "http": 80}
_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class AddressRefused(OSError):
    """The address may not be called. `why` is one of `WHY`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


UNREADABLE, PLAIN, PRIVATE, LOGIN = "unreadable", "plain", "private", "login"
"""Why an address may not be called: it is none; it is not https; it is not of the internet; it holds a name and password."""


def read_address(text: str) -> str:
    """An address as somebody typed or pasted it, as it is stored: one way to write it, so that nobody adds it twice.

    Spaces and the marks that chats put around an address go; scheme and host are in lower case, and a port that the scheme
    has anyway is left out. What is no address comes back as it is, for `AddressRules.check` to refuse.
    """
    text = text.strip().strip("<>").strip()
    if not text.isascii() or not text.isprintable():
        return text
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return text
    host = parts.netloc.lower() if "@" not in parts.netloc else parts.netloc
    if port is not None and port == PORTS.get(parts.scheme):
        host = host.rpartition(":")[0]
    return urlunsplit(parts._replace(netloc=host))


@dataclass(frozen=True, slots=True)
class AddressRules:
    """Which addresses the operator allows: `private` ones, and `plain` http."""

    private: bool = False
    plain: bool = False

    def check(self, url: str) -> None:
        """Raise `AddressRefused` for an address that may not be called, as far as that is seen without resolving its name."""
        try:
            parts = urlsplit(url)
            host, _port = parts.hostname, parts.port
        except ValueError:
            raise AddressRefused(UNREADABLE) from None
        if (
            parts.scheme not in ("https", "http")
            or not host
            or len(url) > LONGEST
            or not _HOST.fullmatch(host)
        ):
            raise AddressRefused(UNREADABLE)
        if not url.isascii() or not url.isprintable() or " " in url:
            raise AddressRefused(UNREADABLE)
        if parts.username is not None or parts.password is not None:
            raise AddressRefused(LOGIN)
        if parts.scheme == "http" and not self.plain:
            raise AddressRefused(PLAIN)
        if not self.private and (host == "localhost" or host.endswith((".localhost", ".local", ".internal"))):
            raise AddressRefused(PRIVATE)
        try:
            found = ipaddress.ip_address(host)
        except ValueError:
            return  # a name: it is checked when it was resolved
        self.check_ip(found)

    def check_ip(self, found: IpAddress) -> None:
        """Raise `AddressRefused` for an IP address that may not be called."""
        if not self.private and not is_public(found):
            raise AddressRefused(PRIVATE)


def is_public(found: IpAddress) -> bool:
    """Whether an IP address is of the internet, also where it wraps another one."""
    if isinstance(found, ipaddress.IPv6Address):
        if found in _NAT64:
            return is_public(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF))
        wrapped = (found.ipv4_mapped, found.sixtofour, *(found.teredo or ()))
        if any(one is not None and not is_public(one) for one in wrapped):
            return False
        if found.ipv4_mapped is not None:
            return True
    return found.is_global and not found.is_multicast


class GuardedResolver(AbstractResolver):
    """Resolves names, and hands on only addresses that may be called: exactly those are then connected to."""

    def __init__(self, rules: AddressRules, inner: AbstractResolver | None = None) -> None:
        self._rules, self._inner = rules, inner or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a name; raises `AddressRefused` when one of them may not be called."""
        found = await self._inner.resolve(host, port, family)
        for one in found:
            self._rules.check_ip(ipaddress.ip_address(one["host"].partition("%")[0]))
        return found

    async def close(self) -> None:
        """Nothing is held open."""
        await self._inner.close()
