"""A pytest plugin that writes down, as JSON lines, which tests ran and what each failure was."""

from __future__ import annotations

import json
import os
from collections.abc import Generator
from pathlib import Path

import pytest

VARIABLE = "MUTATION_VERDICTS"
"""The environment variable that names the file."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call" or report.failed or report.skipped:
        kind = "" if call.excinfo is None else call.excinfo.typename
        _note(item.nodeid, report.outcome, kind)
    return report


def pytest_collectreport(report: pytest.CollectReport) -> None:
    if report.failed:
        _note(report.nodeid, "uncollected", "")


def _note(test: str, outcome: str, kind: str) -> None:
    with Path(os.environ[VARIABLE]).open("a") as file:
        file.write(json.dumps({"test": test, "outcome": outcome, "kind": kind}) + "\n")
