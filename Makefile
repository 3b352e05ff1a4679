# The commands of this project. `make help` lists them.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8000
export PORT
BIN := .venv/bin
STAMP := .venv/.installed
TEST_STAMP := .venv/.installed-test
NODE_PATH_FIX := PATH="$(CURDIR)/.venv/bin:$$PATH"
SOURCES := portal migrations tests benchmarks tools
WORKERS ?= 2

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

# ---- what the machine must have; what is missing is named with the command that installs it ----

.PHONY: machine
machine:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "Python 3.11 or newer is needed. Install it with: sudo apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv is missing. Install it with: sudo apt-get install python3-venv"; exit 1; }
	@command -v git >/dev/null || { echo "git is missing. Install it with: sudo apt-get install git"; exit 1; }

$(STAMP): requirements/main.txt pyproject.toml | machine
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing what the portal needs …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/main.txt
	@$(BIN)/python tools/install_here.py
	@touch $@

$(TEST_STAMP): requirements/test.txt $(STAMP)
	@echo "Installing what the tests need …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@

# Node builds the assets and runs the demo's sign-in provider: the system's when it is 20 or newer, else one from a Python wheel.
.PHONY: node
node: $(STAMP)
	@node -e 'process.exit(+process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null || test -x $(BIN)/node || { \
	  echo "Installing Node …"; $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/node.txt; }

assets/node_modules/.installed: assets/package-lock.json | node
	@cd assets && $(NODE_PATH_FIX) npm ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@

tools/idp/node_modules/.installed: tools/idp/package-lock.json | node
	@cd tools/idp && $(NODE_PATH_FIX) npm ci --silent --ignore-scripts --no-audit --no-fund
	@touch $@

portal/ui/static/ui/manifest.json: assets/node_modules/.installed assets/build.mjs $(shell find assets/css assets/js assets/img -type f 2>/dev/null)
	@echo "Building the assets …"
	@cd assets && $(NODE_PATH_FIX) node build.mjs

translations/.compiled: $(STAMP) $(wildcard translations/*/LC_MESSAGES/*.po)
	@$(BIN)/pybabel --quiet compile -d translations
	@touch $@

.PHONY: setup
setup: $(STAMP) portal/ui/static/ui/manifest.json translations/.compiled tools/idp/node_modules/.installed ## Install everything needed to run
	@true

.PHONY: setup-test
setup-test: setup $(TEST_STAMP) browser ## Install everything needed to test
	@true

.PHONY: browser
browser:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || tools/install-chromium.sh

# ---- run ----

.PHONY: run
run: setup ## Start the portal with demo data; Ctrl-C stops it
	@$(BIN)/python tools/run.py

# ---- check ----

.PHONY: check
check: setup-test lint types contracts words schema test ## Everything CI asks for
	@true

.PHONY: lint
lint: setup-test
	@$(BIN)/ruff format --check --quiet $(SOURCES)
	@$(BIN)/ruff check --quiet $(SOURCES)
	@$(BIN)/djlint --quiet --lint portal

.PHONY: types
types: setup-test
	@$(BIN)/mypy --no-error-summary

.PHONY: contracts
contracts: setup-test
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports

.PHONY: words
words: setup-test
	@$(BIN)/python tools/translations.py check

.PHONY: schema
schema: setup-test
	@$(BIN)/python tools/check_schema.py

.PHONY: test
test: setup-test ## The whole suite: SQLite, PostgreSQL and the browser
	@echo "== SQLite"; PORTAL_TEST_DATABASE=sqlite $(BIN)/python -m pytest -q -n $(WORKERS)
	@echo "== PostgreSQL"; PORTAL_TEST_DATABASE=postgresql $(BIN)/python -m pytest -q -n $(WORKERS)
	@echo "== The browser"; $(BIN)/python -m pytest -q -m "browser and not slow" -n $(WORKERS) tests

.PHONY: test-slow
test-slow: setup-test ## The full matrix, big data, oracles; run before an issue is called resolved
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/slow.txt
	@PORTAL_TEST_DATABASE=sqlite $(BIN)/python -m pytest -q -m slow -n $(WORKERS) tests
	@PORTAL_TEST_DATABASE=postgresql $(BIN)/python -m pytest -q -m slow -n $(WORKERS) tests

.PHONY: bench
bench: setup-test ## The speed promises, as ratios in one run
	@missed=0; for part in run ideas open_data publishing syncing solutions; do $(BIN)/python -m benchmarks.$$part || missed=1; done; exit $$missed

# ---- everyday ----

.PHONY: fix
fix: setup-test ## Format and mend what can be mended by itself
	@$(BIN)/ruff format --quiet $(SOURCES)
	@$(BIN)/ruff check --quiet --fix $(SOURCES)

.PHONY: translations
translations: setup-test ## Gather the texts into translations/
	@$(BIN)/python tools/translations.py update

.PHONY: migration
migration: setup-test ## Make a migration: make migration m="add x"
	@$(BIN)/python tools/make_migration.py "$(m)"

.PHONY: pictures
pictures: setup-test ## Take the screenshots in docs/pictures
	@$(BIN)/python tools/pictures.py

.PHONY: audit-dependencies
audit-dependencies: setup-test ## Known weaknesses in what we depend on, and a bill of materials
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/slow.txt
	@$(BIN)/pip-audit --require-hashes -r requirements/main.txt || echo "pip-audit could not finish (no network?)"
	@$(BIN)/cyclonedx-py requirements requirements/main.txt > var/sbom.json && echo "var/sbom.json"

.PHONY: lock
lock: $(STAMP) ## Lock the dependencies anew
	@$(BIN)/python -m pip install --quiet uv && requirements/lock.sh

.PHONY: clean
clean: ## Take away what is built; var/ is kept
	@rm -rf .venv assets/node_modules tools/idp/node_modules portal/ui/static/ui translations/.compiled
