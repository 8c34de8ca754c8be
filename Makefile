# Everything there is to run. `make help` prints this list.
# PYTHON chooses the interpreter that builds .venv; WHEELHOUSE a folder of wheels to install from.

PYTHON ?= python3
WHEELHOUSE ?= wheelhouse
VENV := .venv
RUN := $(VENV)/bin/python
TESTENV := $(RUN) -m tests.testenv
UNIT := not (postgres or redis or ldap or smtp or browser or twoproc or slow)
PAGES := $(wildcard rse/*/templates rse/templates themes/*/templates)

.DEFAULT_GOAL := help
.PHONY: help setup lock demo serve test test-unit lint format types imports docs manual words check bench coverage

help: ## print this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

setup: ## make .venv from the hashed lock (only when the lock changed)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "RSE needs Python 3.11 or later; '$(PYTHON)' is not. On Debian: apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -m tests.testenv venv --folder $(VENV) --wheelhouse $(WHEELHOUSE)

lock: setup ## compute requirements/*.lock anew from pyproject.toml
	$(RUN) -m tests.testenv lock

demo: setup ## two companies play the whole story; ends by itself
	$(TESTENV) run --services slapd -- $(RUN) -m tests.journey

serve: setup ## the same two companies, left running, with sign-in links
	$(TESTENV) run --services slapd -- $(RUN) -m tests.journey --stay

test: setup ## every test, with the real services, on SQLite and on PostgreSQL
	$(TESTENV) run -- $(RUN) -m tests.testenv.passes

test-unit: setup ## the quick ones: SQLite only, no services, under a minute
	RSE_TEST_SERVICES=none $(RUN) -m pytest -v -n 2 -m "$(UNIT)"

lint: setup ## ruff and djlint
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(if $(PAGES),$(VENV)/bin/djlint --quiet --lint $(PAGES))

format: setup ## let ruff write the code as lint wants it
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

types: setup ## mypy --strict
	$(VENV)/bin/mypy

imports: setup ## who may import whom
	$(VENV)/bin/lint-imports

docs: setup ## every link resolves; every setting and command is documented
	$(RUN) -m tests.house.docs

manual: setup ## write the manual's tables of settings and commands from the code
	$(RUN) -m tests.house.docs --write

words: setup ## bring the catalogues up to the code's messages; says how many lack a translation
	$(RUN) -m tests.house.catalogues

check: lint types imports docs test demo ## what CI runs

bench: setup ## CPU per operation, into bench/results
	$(TESTENV) run --services postgresql -- $(RUN) -m bench --engine both

coverage: setup ## the quick tests with branch coverage
	RSE_TEST_SERVICES=none $(VENV)/bin/coverage run -m pytest -v -n 2 -m "$(UNIT)"
	$(VENV)/bin/coverage report
