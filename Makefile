# `make` alone lists the targets. Their files go to .venv/ and var/.

PORT ?= 8000
LYCEUM_DATA ?= var
QUICK ?=
PYTEST_ARGS ?=
RULES ?=
export PORT LYCEUM_DATA QUICK
# Python keeps what it has compiled, whatever the machine says: a process then starts faster, and tests start hundreds.
export PYTHONDONTWRITEBYTECODE :=

BIN := .venv/bin
# Processes of tests side by side: much of their time they wait for servers.
WORKERS ?= 3
UNIT := not broker and not postgres and not sqlite and not browser and not pdf and not slow and not e2e and not site
# Where unit tests lie; the others need not even be read.
FAST := $(wildcard $(foreach folder,tests/* tests/*/*,$(addprefix $(folder)/,rules readers explaining \
	test_rules*.py test_permissions*.py test_views*.py))) tests/formats tests/contracts tests/kernel tests/kit
# The tools for JavaScript; they never contact a registry.
DENO := DENO_DIR=var/cache/deno DENO_NO_UPDATE_CHECK=1 $(BIN)/deno
OFFLINE := --no-remote --no-npm
LOCK := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock" --quiet $(if $(UPGRADE),--upgrade)

.DEFAULT_GOAL := help
.PHONY: help env run up test test-fast test-servers check static format faults bench mutants access lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-zA-Z0-9_-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

env: ## make the virtual environment .venv, if need be
	@sh .ci/environment

run: env ## start everything in one process with a demo school (PORT=8000, LYCEUM_DATA=var)
	@$(BIN)/lyceum run

up: env ## start RabbitMQ, PostgreSQL, the services and the gateway as processes of this machine
	@$(BIN)/lyceum up

test: env test-servers ## run all tests on servers of their own (PYTEST_ARGS="-k mark")
	$(BIN)/pytest --numprocesses $(WORKERS) --no-loadscope-reorder $(PYTEST_ARGS)

test-fast: env ## run the unit tests alone, without server or database: seconds
	$(BIN)/pytest -m "$(UNIT)" --numprocesses auto --hypothesis-profile fast -p no:schemathesis $(PYTEST_ARGS) $(FAST)

test-servers: ## install what the tests start: RabbitMQ, PostgreSQL, Chromium, poppler (root on Debian)
	@sh .ci/servers

check: static ## static, then the tests of the repository itself and test-fast
	$(BIN)/pytest tests/project
	$(MAKE) --no-print-directory test-fast

static: env ## check format, style, types, directions of imports, JavaScript
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --cache-dir var/cache/import-linter
	$(DENO) fmt --check
	$(DENO) lint
	$(DENO) check $(OFFLINE) gateway/static tests/javascript
	$(DENO) test $(OFFLINE)

format: env ## put the code into its format
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	$(DENO) fmt

faults: env test-servers ## print the table of faults: what a crash loses or doubles (QUICK=1: a few minutes)
	@$(BIN)/python -m tests.faults

bench: env test-servers ## print what calls, events, reads and writes cost
	@$(BIN)/python -m cli.bench

mutants: env ## break the rules of the school in every place, and see whether the tests notice (RULES="means")
	@$(BIN)/python -m tests.mutation $(RULES)

access: env ## write the tables of docs/access.md, which role may do what, from the contracts
	@$(BIN)/python -m tests.project.access

lock: env ## resolve the dependencies of pyproject.toml into the lock files (UPGRADE=1: to newest versions)
	$(LOCK) --extra test --extra build --output-file requirements.lock
	$(LOCK) --extra build --constraints requirements.lock --output-file requirements-runtime.lock

clean: ## remove the environment and caches; data under var/ stay
	rm -rf .venv build lyceum.egg-info var/cache
	find . -name __pycache__ -prune -exec rm -rf {} +
