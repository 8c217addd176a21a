"""What `make bench` writes: the page says what was measured, README says the same, and every goal has a bench."""

from __future__ import annotations

import importlib.util
import re

import pytest

from tests.bench import page
from tests.bench.findings import DATABASE, SCALES, Figure, Findings, Growth, Spent, compare_rates
from tests.bench.goals import ALLOWED, BY_NAME, ELSEWHERE, FAMILIES, GOALS, show

RUN = {"date": "2026-11-30", "scale": "usual", "machine": {"cores": "2", "Python": "3.13"}, "seconds": {}}


def run_of(found):
    return RUN | found.as_json()


def a_run(**figures):
    found = Findings()
    for name, value in figures.items():
        found.add(name, [value])
    return run_of(found)


def quoted(readme):
    return readme.split(page.BEGIN)[1].split(page.END)[0].strip()


def test_every_goal_is_measured_by_a_bench_that_is_there_or_says_why_not():
    names = [one.name for one in GOALS]
    assert len(names) == len({*names, *ELSEWHERE}) - len(ELSEWHERE)
    for family in FAMILIES:
        assert importlib.util.find_spec(f"tests.bench.bench_{family}"), family
        assert any(one.family == family for one in GOALS), family
    assert {one.family for one in GOALS} <= {*FAMILIES}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("G1", 0.40, "met"), ("G1", 0.39, "**not met**"), ("G4", 0.45, "met"), ("G4", 0.46, "**not met**")],
)
def test_a_figure_is_met_at_its_aim_and_missed_beyond_it(name, value, said):
    row = page.goal_row(BY_NAME[name], {name: Figure(name, value)}, {})
    assert row.endswith(f"| {said} |")
    assert f"| {show(value)} |" in row


def test_what_was_not_measured_says_why():
    found = Findings()
    found.leave("G1b", "no PostgreSQL here")
    written = page.write_page(run_of(found))
    assert "not measured: no PostgreSQL here" in written
    assert all(f"| {one.name} |" in written for one in GOALS)
    assert all(f"**{name}**" in written for name in ELSEWHERE)


def test_a_run_outlives_its_json_and_the_median_counts():
    found = Findings()
    found.add("G1", [0.1, 0.5, 0.4], "4 and 10 a second")
    found.grow("starting", "ms", {100: 2.0, 10_000: 2.0})
    again = Findings.from_json(found.as_json())
    assert (again.figures, again.growth) == (found.figures, found.growth)
    assert again.figures[0].value == 0.4


def test_a_cost_is_taken_apart_to_what_the_library_and_the_database_leave():
    found = Findings()
    found.take_apart("slack-bolt", {"the library alone": 100, "understanding it": 200, DATABASE: 300})
    again = Findings.from_json(found.as_json())
    written = page.write_breakdowns(again.breakdowns)
    assert "| understanding it | 200 |" in written
    assert "| together | 600 |" in written
    assert "| the library's share | 0.17 |" in written
    assert "| its share, were there nothing else than the database | 0.25 |" in written
    assert written in page.write_page(run_of(found))


@pytest.mark.parametrize(
    ("points", "slope"), [({10: 5, 1000: 5}, 0), ({10: 1, 1000: 100}, 1), ({10: 1, 100: 100}, 2)]
)
def test_the_slope_is_that_of_the_line_on_log_log_paper(points, slope):
    assert Growth("work", "ms", points).slope == pytest.approx(slope)


def test_rates_are_compared_round_by_round():
    floor, ours = [Spent(1, 1), Spent(10, 1), Spent(1, 1)], [Spent(2, 4), Spent(20, 4), Spent(4, 4)]
    shares, said = compare_rates(floor, ours, 100)
    assert shares == [0.5, 0.5, 0.25]
    assert said.endswith("by processor time 0.25")


def test_readme_gets_the_numbers_of_the_page():
    run = a_run(G1=0.412, G2=0.5, G4=0.3, G5=1.07)
    quote = page.write_quote(Findings.from_json(run))
    before = f"words\n{page.BEGIN}\nold\n{page.END}\nmore"
    assert page.put_quote(before, quote) == f"words\n{page.BEGIN}\n{quote}\n{page.END}\nmore"
    assert "4 of 4 goals are met" in quote
    for number in ("0.41", "0.50", "0.30", "1.07 ×"):
        assert number in quote
        assert f"| {number} |" in page.write_page(run)


def test_without_its_figures_readme_names_no_number():
    assert not re.search(r"\d", page.write_quote(Findings()))


def test_two_runs_of_one_machine_stand_side_by_side():
    old, new = a_run(G1=0.17, G4=0.68), a_run(G1=0.41)
    written = page.write_comparison(old, new)
    assert "| G1 | ≥ 0.40 | 0.17 | 0.41 | met |" in written
    assert "| G4 | ≤ 0.45 | 0.68 | – |  |" in written


def test_readme_and_the_page_say_the_same():
    """The page is written by a run: nobody edits a number of either by hand."""
    readme, written = page.README.read_text(), page.PAGE.read_text()
    said = quoted(readme)
    assert said.replace("](docs/performance.md)", "](#the-goals)") in written
    for name in re.findall(r"^\| (G[\w-]+|P1) \|", written, re.MULTILINE):
        assert name in BY_NAME, f"{name} is no goal any more: run `make bench`"
    for line in written.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0] in BY_NAME and cells[-2] != "–":
            goal = BY_NAME[cells[0]]
            value = float(cells[-2].split()[0].replace(",", ""))
            assert cells[-3] == goal.aimed
            # What is shown is rounded: at the aim itself either verdict may be true.
            assert value == goal.aim or cells[-1] == page.verdict(goal, value), line


def test_a_scale_has_a_size_for_every_bench():
    assert [one.pick(1, 2, 3) for one in SCALES.values()] == [1, 2, 3]
    assert SCALES["whole"].pick(1, 2) == 2
    assert set(ALLOWED) >= {"starting", "an answer taken in"}
