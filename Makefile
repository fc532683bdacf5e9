# Everything starts from a clean clone with Python 3.11 or newer, make and a package index.
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv
# Sources are compiled once, not by each of the many processes that tests start.
unexport PYTHONDONTWRITEBYTECODE
# One process more than cores, four at most: some tests wait for what they killed.
WORKERS ?= $(shell cores=$$(getconf _NPROCESSORS_ONLN); echo $$((cores < 4 ? cores + 1 : 4)))
VENDOR := templates/static/vendor/.fetched
.DEFAULT_GOAL := help
CODE := core directory notifications events visits finance heyet migrations templates
.PHONY: help run dev test coverage bench plans style static lint format docs migration hooks setup setup-dev lock translations \
	audit sbom screenshots clean

help: ## Show what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

run: setup ## Start Heyet with its demo project on http://127.0.0.1:8000
	@exec $(BIN)/heyet serve --demo

dev: setup-dev ## The same, started anew whenever a file changes
	@exec $(BIN)/watchfiles --ignore-paths templates/static/vendor --sigint-timeout 10 \
		'$(BIN)/heyet serve --demo' $(CODE)

test: setup-dev ## Run all tests on every core (HEYET_TEST_REQUIRE=all: a skip is a failure)
	$(BIN)/pytest -n $(WORKERS) --dist worksteal $(ARGS)

coverage: setup-dev ## Which lines and branches the tests run (ARGS=tests/events: of a part), in var/coverage/html
	@rm -rf var/coverage && mkdir -p var/coverage
	$(BIN)/coverage run -m pytest -n $(WORKERS) --dist worksteal $(ARGS)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage html --quiet
	$(BIN)/coverage report --skip-covered --sort=cover

screenshots: setup-dev ## Take the main pages in three widths and both languages, in var/screenshots
	$(BIN)/python -m tests.journeys.screenshots

bench: setup-dev ## Measure against stated floors
	$(BIN)/python -m benchmarks

plans: setup-dev ## Write the kept plans of the busiest queries anew (tests/plans)
	$(BIN)/python -m tests.plans

style: setup-dev ## The quick part of lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djangofmt --quiet --check templates
	$(BIN)/djangofmt check --quiet templates

static: style ## Lint without the rules that `make test` holds the code against as well
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m heyet.translations --check
	$(BIN)/python -m heyet.reference --check
	$(BIN)/python -m migrations.check

lint: static ## Style, types, import rules, rules of our own, migrations, generated pages
	$(BIN)/pytest -q tests/test_architecture.py tests/test_conventions.py tests/test_wiring.py \
		tests/security/test_erasure.py::test_every_column_with_text_is_registered_or_said_to_hold_nothing_about_anybody

format: setup-dev ## Put code and templates into shape
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .
	$(BIN)/djangofmt --quiet templates

docs: setup-dev ## Write the generated pages of docs/ anew
	$(BIN)/python -m heyet.reference

migration: setup-dev ## Write the next migration from what the models say (name="add the rooms of a hotel")
	$(BIN)/python -m migrations.new "$(name)"
	@$(BIN)/ruff check --fix-only --quiet migrations/versions
	@$(BIN)/ruff format --quiet migrations/versions

hooks: setup-dev ## Let git check what is committed and pushed
	$(BIN)/pre-commit install

translations: setup-dev ## Bring new messages into the catalogues
	$(BIN)/python -m heyet.translations

audit: setup ## Ask advisory services about what we build on (error 1: something is known; 3: nobody could be asked)
	@.ci/audit

sbom: setup ## List what the product is made of as CycloneDX, in sbom/
	@.ci/sbom

lock: setup-dev ## Resolve the dependencies anew into the lock files
	$(UV) pip compile pyproject.toml $(LOCK) -o requirements.lock
	$(UV) pip compile pyproject.toml --group dev $(LOCK) -o requirements-dev.lock
LOCK := --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links \
	--universal --python-version 3.11 --quiet

setup: $(BIN)/.installed $(VENDOR)
setup-dev: $(BIN)/.installed-dev $(VENDOR)

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Heyet needs Python 3.11 or newer.")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9

$(BIN)/.installed: requirements.lock pyproject.toml | $(UV)
	$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-build-isolation --no-deps -e .
	@touch $@

$(BIN)/.installed-dev: requirements-dev.lock $(BIN)/.installed
	$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

$(VENDOR): package-lock.json heyet/assets.py $(BIN)/.installed
	$(BIN)/python -m heyet.assets
	@touch $@

clean: ## Remove what set-up made (data in var/ stays)
	rm -rf .venv node_modules templates/static/vendor sbom
