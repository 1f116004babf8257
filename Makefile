# Everything a developer or an operator types; `make help` lists it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# H043: a button in a form sends it unless it says otherwise. H015: bytes count.
DJLINT_IGNORES := H043,H015

.DEFAULT_GOAL := help
.PHONY: help run demo test bench screens lint lock catalogues messages

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: $(VENV)/runtime catalogues ## serve this installation, made if missing
	@$(BIN)/lurus init
	@$(BIN)/lurus serve

demo: $(VENV)/runtime catalogues ## serve a throw-away instance with people and cases
	@LURUS_INSTANCE=$${LURUS_INSTANCE:-$$(mktemp -d)/demo} $(BIN)/lurus demo

test: $(VENV)/development catalogues ## run every test, a file at a time on each core
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

bench: $(VENV)/development catalogues ## measure, print a table, write bench/results.json
	$(BIN)/python -m bench

screens: $(VENV)/development catalogues ## picture every page, write docs/screens/*.png
	@PYTHONPATH=.:tests $(BIN)/python -P tests/pictures.py $(PAGES)

lint: $(VENV)/development ## ruff, mypy, import-linter, djlint, bandit
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --config setup.cfg
	$(BIN)/djlint --lint --quiet --profile jinja --ignore $(DJLINT_IGNORES) templates
	$(BIN)/bandit -q -r crypto portal

lock: $(VENV)/development ## write requirements/*.txt anew, with hashes
	cd requirements && for name in runtime development; do \
	  CUSTOM_COMPILE_COMMAND="make lock" ../$(BIN)/pip-compile -q --generate-hashes \
	    --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links \
	    --no-emit-trusted-host -o $$name.txt $$name.in; done

catalogues: $(VENV)/runtime portal/translations/id/LC_MESSAGES/messages.mo

portal/translations/id/LC_MESSAGES/messages.mo: portal/translations/id/LC_MESSAGES/messages.po
	@$(BIN)/pybabel --quiet compile -d portal/translations

messages: $(VENV)/development ## gather texts that are to be translated
	$(BIN)/pybabel --quiet extract -F portal/translations/babel.cfg -k _l --no-location \
	  --sort-output --omit-header -o portal/translations/messages.pot portal templates
	$(BIN)/pybabel --quiet update -N -w 88 --ignore-obsolete --ignore-pot-creation-date \
	  -i portal/translations/messages.pot -d portal/translations -l id
	rm portal/translations/messages.pot

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/runtime: requirements/runtime.txt setup.cfg | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  --require-hashes -r requirements/runtime.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/development: requirements/development.txt $(VENV)/runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	  --require-hashes -r requirements/development.txt
	@touch $@
