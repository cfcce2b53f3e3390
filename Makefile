# What people type. Everything is made in .venv/ and var/; `make` alone lists the targets.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PORT   ?= 8000
# For make bench: how many organizations are invented, and the database they are in: sqlite or postgresql
N        ?= 100000
DATABASE ?= sqlite
# Options for pytest: make test ARGS="-k search"
ARGS   ?=

PIP     := $(BIN)/python -m pip --disable-pip-version-check --quiet install --require-hashes
COMPILE := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe \
           --no-emit-index-url --no-emit-find-links --no-emit-trusted-host

# `make check` looks at the settings of a public site, whatever the shell holds.
PUBLIC  := env -u DEBUG -u DATABASE_URL -u SECRET_KEY_FILE HTTPS=1 ALLOWED_HOSTS=register.example \
           SECRET_KEY=used-for-the-checks-alone-0123456789-abcdefghijklmnopqrstuvwxyz

.DEFAULT_GOAL := help
.PHONY: help run test faults check audit sbom bench format lock messages fixtures screenshots clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' $(firstword $(MAKEFILE_LIST)) | while IFS='|' read -r name text; do printf '  make %-11s %s\n' "$$name" "$$text"; done

run: export HTTPS ?= 0
run: export PORT := $(PORT)
run: $(VENV)/run.stamp ## serve the register at http://127.0.0.1:8000 (PORT=8001 for another port)
	@$(BIN)/python -m ilo_portal.secret_key
	@$(BIN)/python manage.py prepare
	@exec $(BIN)/python manage.py serve

test: $(VENV)/dev.stamp ## the tests, on SQLite, or on PostgreSQL with TEST_DATABASE_URL=postgres://...
	@$(BIN)/python -m pytest -q -n 2 --dist loadscope $(ARGS)

faults: $(VENV)/dev.stamp ## kill, fill and starve it at length (root does more of it), on SQLite or TEST_DATABASE_URL
	@FAULTS=long $(BIN)/python -m pytest -q tests/faults $(ARGS)

check: $(VENV)/dev.stamp ## style, types, layers, migrations, settings of a public site, languages, fixtures
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(PUBLIC) $(BIN)/python -m mypy
	$(BIN)/lint-imports --no-cache
	$(PUBLIC) $(BIN)/python manage.py makemigrations --check --dry-run
	$(PUBLIC) $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(PUBLIC) $(BIN)/python manage.py messages --check
	$(BIN)/python -m fixtures.build --check
	$(BIN)/python -m audit.run code

audit: $(VENV)/dev.stamp $(VENV)/audit.stamp ## look for known weaknesses: code, secrets, nginx, packages (exit code 3: not all could be run)
	@$(BIN)/python -m audit.run

sbom: $(VENV)/dev.stamp $(VENV)/audit.stamp ## write docs/sbom.json: every package that requirements.txt locks (CycloneDX)
	@$(VENV)/audit/bin/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible 2>/dev/null | \
	  $(BIN)/python -m audit.sbom > docs/sbom.json.new && mv docs/sbom.json.new docs/sbom.json

bench: $(VENV)/run.stamp ## measure speed beside others (N=10000, DATABASE=postgresql, ...), into docs/performance.md
	@$(BIN)/python -m bench.run --organizations $(N) --database $(DATABASE)

format: $(VENV)/dev.stamp ## put the code in the form that `make check` wants
	@$(BIN)/python -m ruff check --fix .
	@$(BIN)/python -m ruff format .

lock: $(VENV)/dev.stamp ## the newest versions that pyproject.toml allows into requirements*.txt (with Python 3.11)
	@$(COMPILE) --upgrade --output-file requirements.txt pyproject.toml
	@$(COMPILE) --upgrade --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml
	@$(COMPILE) --upgrade --output-file audit/requirements.txt audit/requirements.in

messages: $(VENV)/dev.stamp ## bring the French and Spanish texts in locale/ up to the sources (needs GNU gettext)
	@$(PUBLIC) $(BIN)/python manage.py messages

fixtures: $(VENV)/run.stamp ## build fixtures/*.json out of the CSV files beside them
	@$(BIN)/python -m fixtures.build

screenshots: $(VENV)/dev.stamp ## take the pictures in docs/screenshots/ anew (needs Chromium)
	@$(BIN)/python -m tests.browser.screenshots

clean: ## remove what can be made again: .venv, caches, collected files. The register in var/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache var/static var/static.sha256
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# -- The environment: made once, filled again only when the lock changes -----------------------------------------

$(VENV)/made.stamp:
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) was not found. Python 3.11 or newer is needed: make PYTHON=/path/to/python" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed, $(PYTHON) is $$($(PYTHON) -V 2>&1): make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) || \
	  { rm -rf $(VENV); echo "Python could not make $(VENV)/ (on Debian and Ubuntu: apt install python3-venv)." >&2; exit 1; }
	@touch $@

$(VENV)/run.stamp: $(VENV)/made.stamp requirements.txt
	@echo "Installing what the register needs into $(VENV)/ (once)"
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: $(VENV)/made.stamp requirements.txt requirements-dev.txt
	@echo "Installing what development needs into $(VENV)/ (once)"
	@$(PIP) -r requirements-dev.txt
	@touch $(VENV)/run.stamp $@

$(VENV)/audit.stamp: $(VENV)/made.stamp audit/requirements.txt
	@echo "Installing what audits need into $(VENV)/audit/ (once)"
	@$(PYTHON) -m venv --clear $(VENV)/audit
	@$(VENV)/audit/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r audit/requirements.txt
	@touch $@
