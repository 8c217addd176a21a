"""Addresses that lead into a private network are refused, however they are written and wherever their name leads."""

from __future__ import annotations

import socket

import pytest
from aiohttp.abc import AbstractResolver

from bot.webhooks.addresses import (
    LOGIN,
    PLAIN,
    PRIVATE,
    UNREADABLE,
    AddressRefused,
    AddressRules,
    GuardedResolver,
    read_address,
)

STRICT = AddressRules()


class Names(AbstractResolver):
    """Says which addresses a name has."""

    def __init__(self, *found: str) -> None:
        self.found = found

    async def resolve(self, host, port=0, family=socket.AF_INET):
        return [
            {"hostname": host, "host": one, "port": port, "family": family, "proto": 0, "flags": 0}
            for one in self.found
        ]

    async def close(self):
        pass


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://example.org/x", PLAIN),
        ("https://127.0.0.1/x", PRIVATE),
        ("https://127.9.9.9:8443/x", PRIVATE),
        ("https://0.0.0.0/", PRIVATE),
        ("https://10.1.2.3/", PRIVATE),
        ("https://172.16.0.1/", PRIVATE),
        ("https://192.168.1.1/", PRIVATE),
        ("https://169.254.169.254/latest/meta-data", PRIVATE),
        ("https://100.64.0.1/", PRIVATE),
        ("https://224.0.0.1/", PRIVATE),
        ("https://[::1]/", PRIVATE),
        ("https://[::ffff:127.0.0.1]/", PRIVATE),
        ("https://[::ffff:10.0.0.1]/", PRIVATE),
        ("https://[64:ff9b::7f00:1]/", PRIVATE),
        ("https://[2002:7f00:1::]/", PRIVATE),
        ("https://[fe80::1]/", PRIVATE),
        ("https://[fd00::1]/", PRIVATE),
        ("https://localhost/", PRIVATE),
        ("https://LOCALHOST:8420/", PRIVATE),
        ("https://printer.local/", PRIVATE),
        ("https://metadata.google.internal/", PRIVATE),
        ("https://me:word@example.org/", LOGIN),
        ("ftp://example.org/", UNREADABLE),
        ("file:///etc/passwd", UNREADABLE),
        ("javascript:alert(1)", UNREADABLE),
        ("example.org", UNREADABLE),
        ("https://", UNREADABLE),
        ("https://{x}/", UNREADABLE),
        ("https://exa mple.org/", UNREADABLE),
        ("https://example.org/\nx", UNREADABLE),
        ("https://example.org:99999/", UNREADABLE),
        ("https://[::1", UNREADABLE),
        ("https://example.org/" + "x" * 500, UNREADABLE),
        ("", UNREADABLE),
    ],
)
def test_an_address_that_may_not_be_called_is_refused(url, why):
    with pytest.raises(AddressRefused) as refused:
        STRICT.check(url)
    assert refused.value.why == why


@pytest.mark.parametrize(
    "url", ["https://example.org/x?y=1", "https://8.8.8.8:8443/", "https://[2606:4700::1111]/"]
)
def test_an_address_of_the_internet_is_taken(url):
    STRICT.check(url)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  HTTPS://Example.ORG/Hook?A=b ", "https://example.org/Hook?A=b"),
        ("<https://example.org/hook>", "https://example.org/hook"),
        ("https://example.org:443/hook", "https://example.org/hook"),
        ("https://example.org:8443/hook", "https://example.org:8443/hook"),
        ("https://[2606:4700::1111]:443/", "https://[2606:4700::1111]/"),
        ("https://exa mple.org/", "https://exa mple.org/"),
        ("https://example.org/\nx", "https://example.org/\nx"),
        ("https://Me:Word@example.org/", "https://Me:Word@example.org/"),
        ("https://[::1", "https://[::1"),
        ("", ""),
    ],
)
def test_an_address_is_stored_in_one_way_however_it_was_typed(typed, stored):
    assert read_address(typed) == stored


def test_the_operator_can_allow_private_addresses_and_plain_http():
    AddressRules(private=True, plain=True).check("http://localhost:9000/x")
    with pytest.raises(AddressRefused):
        AddressRules(private=True).check("http://localhost:9000/x")
    with pytest.raises(AddressRefused):
        AddressRules(plain=True).check("http://127.0.0.1:9000/x")


@pytest.mark.parametrize(
    "inside", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "::1", "fe80::1%eth0", "::ffff:127.0.0.1"]
)
async def test_a_name_that_leads_inside_is_refused_when_it_was_resolved(inside):
    guard = GuardedResolver(STRICT, Names("93.184.215.14", inside))
    with pytest.raises(AddressRefused):
        await guard.resolve("rebinding.example", 443)
    assert await GuardedResolver(AddressRules(private=True), Names(inside)).resolve("inside.example", 443)


async def test_a_name_that_leads_outside_is_resolved():
    [found] = await GuardedResolver(STRICT, Names("93.184.215.14")).resolve("example.org", 443)
    assert found["host"] == "93.184.215.14"
