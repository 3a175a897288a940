# One line each; `make help` lists them. Only Python 3.11+, git and a package registry are needed.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO_ENV := var/demo.env
WEB := web/node_modules
# Worker processes of `make run`; SQLite wants one, whose threads queue for its single writer.
WORKERS ?= 1
export PORT ?= 8000
URL ?= http://localhost:$(PORT)

.PHONY: help demo test run jobs lint format migrate openapi bench calibrate counts soak faults conform fresh requirements clean

help: ## list these commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: $(VENV)/.run $(WEB)/.run $(DEMO_ENV) ## make a demo clinic (once) and serve it, its jobs beside it, at http://localhost:8000; PORT changes it
	@umask 077 && set -a && . ./$(DEMO_ENV) && $(BIN)/alembic upgrade head && $(BIN)/flask --app wsgi demo && exec sh commands/beside.sh '$(BIN)/flask --app wsgi jobs run' $(MAKE) -s run

run: $(VENV)/.run $(WEB)/.run ## serve wsgi:app with the settings of the environment; WORKERS=n
	@$(BIN)/python -c "import socket, sys; taken = socket.socket().connect_ex(('127.0.0.1', $(PORT))) == 0; sys.exit('Port $(PORT) is taken: choose another with PORT=' if taken else 0)"
	@echo "Serving http://localhost:$(PORT)  (the API to read and try: /docs)"
	@umask 077 && exec $(BIN)/granian --interface wsgi --host $${HOST:-127.0.0.1} --port $(PORT) --workers $(WORKERS) --respawn-failed-workers --respawn-interval 0.1 --blocking-threads 8 --no-ws --log-level error wsgi:app

jobs: $(VENV)/.run ## send letters and make the rounds, beside `make run`, with the same settings
	@umask 077 && exec $(BIN)/flask --app wsgi jobs run

test: $(VENV)/.dev $(WEB)/.dev ## set up what is needed and run every test, on SQLite and PostgreSQL
	@$(BIN)/python -m pytest -n $${TEST_WORKERS:-2} -q

lint: $(VENV)/.dev ## ruff and mypy, strict
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy .

format: $(VENV)/.dev ## put the code in order
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

migrate: $(VENV)/.run ## bring DATABASE_URL's tables up to date
	@umask 077 && $(BIN)/alembic upgrade head

openapi: $(VENV)/.run ## write openapi.yaml from the code
	@$(BIN)/python -m api.write_contract

bench: $(VENV)/.dev ## measure the check-in write, sync, the trend and windows, side by side; writes bench/results/
	@$(BIN)/python -m bench.run W && $(BIN)/python -m bench.run S && $(BIN)/python -m bench.run C && $(BIN)/python -m bench.run Y

calibrate: $(VENV)/.dev ## how often wear-off is named right, over simulated patients; writes docs/methods/calibration.md
	@$(BIN)/python -m bench.calibrate

counts: $(VENV)/.dev ## hold one write to its statements, commits and round trips
	@$(BIN)/python -m pytest -q tests/test_counts.py

soak: $(VENV)/.dev ## search at random what sync could lose: 4,000 runs, then each seeded fault; RUNS=, SEED=
	@$(BIN)/python -m tests.soak --runs $${RUNS:-4000} --seed $${SEED:-1}

faults: $(VENV)/.dev ## break the server in every way while phones write to it, and look for what is lost; FAULTS="--seconds 30 --db both --seed 1"
	@$(BIN)/python -m tests.faults $(FAULTS)

conform: $(VENV)/.dev ## hold a running server to the rules a phone rests on; URL=, and EMAIL, PASSWORD, OTHER_EMAIL, OTHER_PASSWORD of two patients
	@$(BIN)/python -m tests.conform $(URL)

fresh: ## clone into a temporary folder and prove both commands there, with nothing but Python and git
	@sh tests/fresh.sh

requirements: $(VENV)/.dev ## compile requirements*.in to pinned requirements*.txt
	@uv pip compile -q --universal --python-version 3.11 --no-header requirements.in -o requirements.txt
	@uv pip compile -q --universal --python-version 3.11 --no-header requirements-dev.in -o requirements-dev.txt

clean: ## remove the virtual environment and everything the demo made
	@rm -rf $(VENV) var $(WEB)

INSTALL = if command -v uv >/dev/null; then uv pip install -q --python $(BIN)/python -r $(1); else $(BIN)/python -m pip install -q --disable-pip-version-check -r $(1); fi

$(VENV)/.run: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "setting up: $<"
	@$(call INSTALL,requirements.txt)
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@echo "setting up: $<"
	@$(call INSTALL,requirements-dev.txt)
	@touch $@

# The machine's own Node from 20 on; where there is none, the one in a Python wheel.
HAS_NODE = node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20)' && npm --version

$(VENV)/.node: requirements-node.txt $(VENV)/.run
	@if ! { $(HAS_NODE); } >/dev/null 2>&1; then echo "setting up: $<"; $(call INSTALL,$<); fi
	@touch $@

NPM = cd web && PATH="$(abspath $(BIN)):$$PATH" npm ci --loglevel=error

$(WEB)/.run: web/package-lock.json $(VENV)/.node
	@echo "setting up: $<"
	@$(NPM) --omit=dev >/dev/null
	@touch $@

$(WEB)/.dev: web/package-lock.json $(VENV)/.node
	@echo "setting up: $<, for the tests"
	@$(NPM) >/dev/null
	@touch $(WEB)/.run $@

$(DEMO_ENV): $(VENV)/.run
	@mkdir -p var && umask 077 && $(BIN)/python -c "import secrets; print('SECRET_KEY=' + secrets.token_hex()); print('DATABASE_URL=sqlite:///var/demo.sqlite'); print('INTERLUDE_ENVIRONMENT=demo'); print('INTERLUDE_LOG_LEVEL=warning')" > $@
