# 'make' prints this file's own documentation. Every target sets up what it needs first.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help run test check format bench screenshots clean

help: ## Show what can be made
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.runtime ## Set everything up and open the app on demo data
	$(BIN)/python -m app serve

# A worker a core and a thread a worker; only the plugins that tests use, because pytest would
# compile the whole packages of the others; and what is compiled once is kept for every process.
test: export OPENBLAS_NUM_THREADS := 1
test: export PYTEST_DISABLE_PLUGIN_AUTOLOAD := 1
test: export PYTHONDONTWRITEBYTECODE :=
test: $(VENV)/.development ## Set everything up and run all tests
	$(BIN)/python -m pytest -p xdist -p schemathesis -p hypothesispytest \
		-n 2 --dist loadfile --no-loadscope-reorder

check: $(VENV)/.development ## Lint, format and type checks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.development ## Format the code and fix what can be fixed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.development ## Run the benchmarks and print what they measure
	@for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

screenshots: $(VENV)/.development ## Take the screenshots of the README from the running app
	$(BIN)/python docs/screenshots.py

clean: ## Remove the environment, caches and databases made at run time
	rm -rf $(VENV) build .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; this is $$($(PYTHON) --version). Set PYTHON=..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt $(VENV)/bin/python
	$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.development: requirements-dev.txt $(VENV)/.runtime
	$(PIP) -r requirements-dev.txt
	@touch $@
