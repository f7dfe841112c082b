# Sổ Việc. On a fresh Debian 12: `make run` serves the demo office, `make test` runs every test.
# Both install what they need, once; `make help` lists the rest.

.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

VENV := .venv
PY := $(VENV)/bin/python
# What the checks read: those of our packages that are there.
CODE := $(patsubst %/__init__.py,%,$(wildcard server/__init__.py sync/__init__.py ml/__init__.py))
# Two workers suit two cores; `make test WORKERS=0` runs in one process, for a debugger.
WORKERS ?= 2
# More words for pytest: `make test ARGS="-k delegation"`.
ARGS ?=

# A stamp carries the hash of the lock file that was installed, so that the second run installs nothing.
RUN_READY := $(VENV)/.ready-run-$(shell cat requirements.lock 2>/dev/null | sha256sum | cut -c1-16)
DEV_READY := $(VENV)/.ready-dev-$(shell cat requirements-dev.lock tests/js/package-lock.json 2>/dev/null | sha256sum | cut -c1-16)

PIP_INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --no-input --require-hashes --requirement
PIP_COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(VENV)/bin/pip-compile --quiet --strip-extras --allow-unsafe --generate-hashes \
	--no-annotate --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options

.PHONY: help
help: ## Say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

.PHONY: run
run: $(RUN_READY) ## Serve the demo office at http://127.0.0.1:8000 (settings: docs/settings.md)
	@exec $(PY) -m server run --demo

.PHONY: test
test: $(DEV_READY) ## Run every test, those in the browser and on PostgreSQL too
	@bash .ci/system-packages test
	@SOVIEC_TESTS_COMPLETE=1 $(PY) -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

.PHONY: bench
bench: $(DEV_READY) ## Measure pages, search, imports, start and memory (ARGS="--tasks 10000 --seconds 3")
	@$(PY) -m tests.bench $(ARGS)

# Histories of `make soak`; half of them on each engine.
N ?= 5000

.PHONY: soak
soak: $(DEV_READY) ## Prove the sync promises over 5,000 seeded histories (make soak N=500 ARGS="--first 1" for others)
	@bash .ci/system-packages test
	@$(PY) -m tests.faults $(N) $(ARGS)

.PHONY: check
check: lint types scripts contracts house ## Run every check: style, types, scripts, import contracts, house rules

.PHONY: lint
lint: $(DEV_READY) ## Check style with ruff
	@$(VENV)/bin/ruff check --quiet .

.PHONY: format
format: $(DEV_READY) ## Lay the code out and put imports in order
	@$(VENV)/bin/ruff check --quiet --fix .
	@$(VENV)/bin/ruff format --quiet $(CODE) tests

.PHONY: types
types: $(DEV_READY) ## Check types with mypy
	@$(VENV)/bin/mypy $(CODE) tests

.PHONY: scripts
scripts: $(DEV_READY) ## Check the types of the browser's scripts with tsc
	@$(VENV)/bin/node tests/js/node_modules/typescript/bin/tsc -p tests/js/tsconfig.page.json
	@$(VENV)/bin/node tests/js/node_modules/typescript/bin/tsc -p tests/js/tsconfig.worker.json

.PHONY: contracts
contracts: $(DEV_READY) ## Check which area may import which
	@$(VENV)/bin/lint-imports --no-logo

.PHONY: house
house: $(DEV_READY) ## Check the house rules: words, templates, addresses, settings, doors, sizes
	@SOVIEC_TESTS_COMPLETE=1 $(PY) -m pytest -q tests/checks

.PHONY: settings
settings: $(DEV_READY) ## Write docs/settings.md anew from server/settings.py
	@$(PY) -m tests.checks.settings_doc --write

.PHONY: lock
lock: $(DEV_READY) ## Pin the packages of pyproject.toml anew (make lock UP=--upgrade for newer ones)
	@$(PIP_COMPILE) $(UP) --output-file requirements.lock pyproject.toml
	@$(PIP_COMPILE) $(UP) --extra train --constraint requirements.lock --output-file requirements-train.lock pyproject.toml
	@$(PIP_COMPILE) $(UP) --extra train --extra dev --constraint requirements-train.lock --output-file requirements-dev.lock pyproject.toml

.PHONY: clean
clean: ## Remove what was installed and cached (not data/)
	@rm -rf $(VENV) .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +

$(PY):
	@bash .ci/system-packages run
	@"$$(bash .ci/find-python)" -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(RUN_READY): requirements.lock | $(PY)
	@echo "Installing the pinned packages into $(VENV) ..."
	@$(PIP_INSTALL) requirements.lock
	@rm -f $(VENV)/.ready-run-* && touch $@

$(DEV_READY): requirements-dev.lock tests/js/package-lock.json | $(PY)
	@echo "Installing the pinned packages for tests into $(VENV) ..."
	@$(PIP_INSTALL) requirements-dev.lock
	@cd tests/js && PATH="$(abspath $(VENV))/bin:$$PATH" npm ci --silent --no-audit --no-fund
	@rm -f $(VENV)/.ready-dev-* && touch $@
