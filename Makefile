# Everything a newcomer needs: `make play` and `make quick`. Each target sets up what it needs first.
# uv is fetched into .tools/ when the machine has none; everything else comes from uv.lock.

PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
RUN = $(UV) run --locked
# One more worker than cores: many tests wait for sockets and for processes of the bot.
WORKERS ?= $(shell $(PYTHON) -c "import os; print((os.cpu_count() or 1) + 1)")
# Tests start some hundred processes: without bytecode each of them compiles every module anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup setup-play play quick test test-fakes mutations chaos nightly coverage check check-types check-rest fix bench rehearse texts sbom bill generated revision pictures release clean

help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

# pip is run from the file that Python's venv has of it: to install it first takes twice as long as to fetch uv.
PIP = $(shell ls $$($(PYTHON) -c "import ensurepip; print(ensurepip.__path__[0])" 2>/dev/null)/_bundled/pip-*.whl \
	/usr/share/python-wheels/pip-*.whl 2>/dev/null | head -1)
.tools/bin/uv:
	@echo "Fetching uv into .tools"
	@$(PYTHON) -m venv $(if $(PIP),--without-pip) .tools || (echo "Python's venv is missing. On Debian and Ubuntu: sudo apt install python3-venv" && rm -rf .tools && false)
	@# Meanwhile another core compiles Tilth's own modules: a quarter of the first start.
	@$(PYTHON) -m compileall -q bot adapters >/dev/null 2>&1 & \
	.tools/bin/python $(if $(PIP),$(PIP)/pip,-m pip) install --quiet --disable-pip-version-check "uv==0.13.9" && wait

setup: $(if $(findstring .tools,$(UV)),.tools/bin/uv)
	@$(UV) sync --locked --quiet

# Without what only developers need, and without what the playground never imports: 24 MB of libraries of the platforms, and of a
# newer SQLite. `uv run --locked --no-dev` and `make setup` bring them. Inexact: what they have installed stays.
UNPLAYED = discord-py slack-bolt slack-sdk pysqlite3
setup-play: $(if $(findstring .tools,$(UV)),.tools/bin/uv)
	@test -d .venv || echo "Installing what Tilth needs into .venv: half a minute the first time"
	@$(UV) sync --locked --no-dev --inexact --quiet $(UNPLAYED:%=--no-install-package %)

## make play        start the playground on http://127.0.0.1:8420 (RESET=1 starts over)
play: setup-play
	@$(UV) run --no-sync tilth play $(if $(RESET),--reset)

## make quick       run the units and the playground's stories: for every save
quick: setup
	$(RUN) pytest --platform local -m "not slow and not postgres and not browser and not wheel" --ignore tests/fakes -n $(WORKERS) $(ARGS)

## make test        run all tests; those of the fakes only where the fakes have changed
test: setup
	$(RUN) pytest -n $(WORKERS) $(ARGS)

## make test-fakes  run the tests of the two fake platforms
test-fakes: setup
	$(RUN) pytest tests/fakes $(ARGS)

## make mutations   switch every mechanism off in turn, in copies of the tree: a test must miss it (ARGS="look" tries some)
mutations: setup
	$(RUN) python -m tests.mutations $(ARGS)

## make chaos       kill and freeze the bot for MINUTES=2 while answers get lost, then count (SEED=7 repeats one)
MINUTES ?= 2
chaos: setup
	$(RUN) python -m tests.chaos --minutes $(MINUTES) $(if $(SEED),--seed $(SEED))

## make nightly     run all tests, and what depends on chance with many more seeds; all mutations; ten minutes of chaos
nightly: setup
	CI=true NIGHTLY=1 $(RUN) pytest -n $(WORKERS) $(ARGS)
	$(RUN) python -m tests.mutations
	$(RUN) python -m tests.chaos --minutes 10

## make coverage    run all tests and measure which lines and branches they reach; nearly twice as slow
coverage: setup
	$(RUN) coverage erase
	CI=true $(RUN) coverage run -m pytest $(ARGS)
	$(RUN) coverage combine --quiet
	$(RUN) coverage report

## make check       lint, spelling, types, import contract, dependencies, content, generated files
check: check-types check-rest

check-types: setup
	$(RUN) mypy

check-rest: setup
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) codespell
	$(RUN) lint-imports
	$(RUN) deptry .
	$(RUN) hadolint Dockerfile
	$(RUN) check-jsonschema --builtin-schema vendor.compose-spec compose.yaml
	$(RUN) tilth check

## make fix         format and mend what can be mended by itself
fix: setup
	$(RUN) ruff check --fix .
	$(RUN) ruff format .

## make bench       measure against floors in the same run, and write docs/performance.md (ARGS="--quick": no page)
bench: setup
	$(RUN) python -m tests.bench $(ARGS)

## make rehearse    play six weeks with forty members, without a screen
rehearse: setup
	$(RUN) tilth rehearse --weeks 6 --members 40

## make texts      take texts that are new in the code into the catalog of translations, and drop what is gone
texts: setup
	$(RUN) pybabel -q extract --mapping babel.cfg --no-location --sort-output --output .tools/texts.pot .
	$(RUN) pybabel -q update --input .tools/texts.pot --locale es --output-file bot/locale/es.po --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 110

## make sbom        list everything that is installed, with checksums, as CycloneDX in dist/tilth.cdx.json
BILL ?= dist/tilth.cdx.json
sbom: setup-play bill
bill:
	@mkdir -p $(dir $(BILL))
	@$(UV) export --locked --quiet --no-dev --all-extras --preview-features sbom-export --format cyclonedx1.5 --output-file $(BILL) >/dev/null

## make generated   write .env.example, the schemas, the tables of pages and the picture of the house anew
generated: setup
	$(RUN) tilth generate
	$(RUN) python -m tests.house.picture

## make revision M="what changed"   write a migration for changed tables
revision: setup
	$(RUN) tilth revision "$(M)"

## make pictures    take the pictures and the recording of the pages anew, from the real playground (needs Chromium)
pictures: setup
	$(RUN) python -m tests.browser.pictures

## make release VERSION=1.2.0   version, changelog, wheel, list of parts, commit and tag (DRY=1: in a copy); publishes nothing
release: setup
	$(RUN) python -m tests.release $(VERSION) $(if $(DRY),--dry-run)

clean:
	rm -rf .venv .tools var .pytest_cache .mypy_cache .ruff_cache .coverage .coverage.*
