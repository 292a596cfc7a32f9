# `make site` builds the demo pool's site, `make test` runs everything that must pass before a change is merged.
# Both set up what they need in .venv and are quick the second time. `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

VENV ?= .venv
BIN := $(VENV)/bin
JOBS ?= auto
PYTEST_ARGS ?=
BENCH_ARGS ?=

# The newest Python that tobkit supports, unless PYTHON names another. Each is asked, since a name may be a mere shim.
# Deferred, and then kept: a target that needs no Python doesn't look for one.
PYTHON ?= $(eval PYTHON := $$(shell for name in python3.14 python3.13 python3.12 python3.11 python3; do \
	if "$$$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo "$$$$name"; break; fi; \
	done))$(PYTHON)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

PIP := $(BIN)/python -m pip
INPUTS := pyproject.toml setup.py constraints.txt
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard tobkit/locale/*/LC_MESSAGES/tobkit.po))

.PHONY: help
help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: site
site: $(VENV)/.ready $(CATALOGUES) ## Build the demo pool's site: site/index.html
	$(BIN)/tobkit build

.PHONY: serve
serve: $(VENV)/.ready $(CATALOGUES) ## Build, serve on this machine, rebuild on change
	$(BIN)/tobkit serve

.PHONY: test
test: lint pytest ## Everything: lint, then the tests

.PHONY: lint
lint: $(VENV)/.ready-dev ## Style, format, types, layers; all texts in the catalogue
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(MAKE) --no-print-directory catalog-check

.PHONY: pytest
pytest: $(VENV)/.ready-dev $(CATALOGUES) ## Only the tests (PYTEST_ARGS="-k rank" JOBS=0)
	$(BIN)/python -m pytest -n $(JOBS) $(PYTEST_ARGS)

.PHONY: format
format: $(VENV)/.ready-dev ## Let ruff format and mend what it safely can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

.PHONY: bench
bench: $(VENV)/.ready-dev $(CATALOGUES) ## Time the commands on a generated pool (BENCH_ARGS="--size 10000")
	$(BIN)/python bench/build.py $(BENCH_ARGS)

# English is the source language: texts are found in the code and in the templates, and merged into the Chinese
# catalogue. Sorted and without line numbers, so that two branches which add texts merge.
PO := tobkit/locale/zh/LC_MESSAGES/tobkit.po
EXTRACT = $(BIN)/pybabel --quiet extract -F pyproject.toml -k _ -k N_ -k msg -k msg_n:1,2 -k ngettext:1,2 \
	--sort-output --add-location=file --width=120 --project=tobkit --version=0 --add-comments="Translators:"
UPDATE = $(BIN)/pybabel --quiet update -D tobkit -l zh -d tobkit/locale \
	--width=120 --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date

.PHONY: catalog
catalog: $(VENV)/.ready-dev ## Take new texts into tobkit/locale/zh, for translation
	mkdir -p build $(dir $(PO))
	$(EXTRACT) -o build/tobkit.pot .
	[ -f $(PO) ] || printf '%s\n' '# The Chinese texts of tobkit. "make catalog" adds what is new in the code and in the templates.' \
		'msgid ""' 'msgstr ""' '"Project-Id-Version: tobkit 0\n"' '"Language: zh\n"' '"Plural-Forms: nplurals=1; plural=0;\n"' \
		'"MIME-Version: 1.0\n"' '"Content-Type: text/plain; charset=utf-8\n"' '"Content-Transfer-Encoding: 8bit\n"' >$(PO)
	$(UPDATE) -i build/tobkit.pot

.PHONY: catalog-check
catalog-check: $(VENV)/.ready-dev
	@mkdir -p build
	@$(EXTRACT) -o build/tobkit.pot .
	@$(UPDATE) -i build/tobkit.pot --check 2>/dev/null || { echo "The catalogue isn't up to date: make catalog, and translate" >&2; exit 1; }

tobkit/locale/%/LC_MESSAGES/tobkit.mo: tobkit/locale/%/LC_MESSAGES/tobkit.po | $(VENV)/.ready
	$(BIN)/pybabel --quiet compile -D tobkit -l $* -d tobkit/locale

.PHONY: clean
clean: ## Remove what can be made again, but for .venv
	rm -rf build dist *.egg-info .tobkit .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache test-results
	find tobkit templates tests bench -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
	find tobkit/locale -name '*.mo' -delete 2>/dev/null || true
	find site -mindepth 1 ! -path site/.gitignore -delete

# ---- set-up ----------------------------------------------------------------------------------------------------------

# The files named .ready are made last: they say that all before them went well, and when.
$(BIN)/python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "tobkit needs Python 3.11 or newer, and none was found. Install one, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; \
		exit 1; \
	fi
	@if ! "$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
		echo "tobkit needs Python 3.11 or newer, and $(PYTHON) isn't." >&2; \
		exit 1; \
	fi
	@if ! "$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "$(PYTHON) can't make virtual environments: its venv module is missing. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
		exit 1; \
	fi
	"$(PYTHON)" -m venv $(VENV)

# Built without isolation: the tools that build are pinned like all the rest, and are fetched once.
$(VENV)/.ready: $(INPUTS) | $(BIN)/python
	$(PIP) install --quiet -c constraints.txt setuptools babel
	$(PIP) install --quiet -c constraints.txt --no-build-isolation --editable .
	@touch $@

$(VENV)/.ready-dev: $(INPUTS) | $(BIN)/python
	$(PIP) install --quiet -c constraints.txt setuptools babel
	$(PIP) install --quiet -c constraints.txt --no-build-isolation --editable '.[dev]'
	@touch $@ $(VENV)/.ready
