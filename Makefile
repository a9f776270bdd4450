# The portal's commands. Nothing but Python 3.11 or newer is needed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TESTS ?= tests
# Where only the end of the output is kept, it must be what failed and not what was logged meanwhile.
SHORT := $(if $(CI),--show-capture=no --tb=short)

.DEFAULT_GOAL := help
.PHONY: help run test check bench messages nightly screens

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

run: ## start the portal with everything it needs (PORT=8123 make run moves it)
	@./scripts/environment run "$(PYTHON)" "$(VENV)"
	@PORTAL_DEMO=1 PORTAL_DIE_WITH_PARENT=1 exec $(BIN)/python -m config.supervisor

test: ## the whole test suite, against real PostgreSQL and Redis
	@./scripts/environment all "$(PYTHON)" "$(VENV)"
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not nightly" $(SHORT) $(TESTS)

check: ## lint, types, templates, import direction, migrations, translations, deployment settings
	@./scripts/environment all "$(PYTHON)" "$(VENV)"
	@PATH="$(abspath $(BIN)):$$PATH" ./scripts/check

bench: ## measure the pages against their floors (writes var/bench.json)
	@./scripts/environment run "$(PYTHON)" "$(VENV)"
	@$(BIN)/python -m bench

messages: ## collect the texts to translate and compile the catalogues
	@./scripts/environment run "$(PYTHON)" "$(VENV)"
	@$(BIN)/python manage.py messages extract
	@$(BIN)/python manage.py messages compile

nightly: ## the long tests
	@./scripts/environment all "$(PYTHON)" "$(VENV)"
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m nightly --timeout 3600 $(SHORT) $(TESTS)

screens: ## pictures of every page at three widths into docs/screens (ONLY=reporting:dashboard for one)
	@./scripts/environment all "$(PYTHON)" "$(VENV)"
	@$(BIN)/python -m scripts.screens $(ONLY)
