# The commands of everyday work. `make setup` needs git, Python 3.11 or later with pip, and nothing else;
# every other command runs it first, and it does nothing when it has nothing to do.

VENV  := .venv
BIN   := $(VENV)/bin
READY := $(VENV)/ready
FIRST_PYTHON = $(shell for name in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$name; break; }; done)
PYTHON ?= $(FIRST_PYTHON)
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
# What only the long racks need, each with a lock of its own.
RACKS := deploy fuzz peers spark truth
ALSO = $(PIP) --require-hashes -r requirements
# Tests and measurements start hundreds of processes: each would compile all modules anew where Python may not keep them.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: deploy help setup browser demo check fix test picture messages docs fuzz bench rack truth record e2e-long serve clean lint lock nights web spark java

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## make .venv and put everything that work and tests need into it

demo: setup ## analyse the shipped sample shop
	@$(BIN)/friction demo

check: lint test ## everything that must hold before a change goes in: linters, types, tests

fix: setup ## let ruff repair and format what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test: setup browser web ## all tests, on two cores, warnings as errors
	$(BIN)/python -m pytest -n 2 --dist worksteal -q

messages: setup ## collect what is said, bring the catalogues of the languages up to date and compile them
	$(BIN)/python -m tests.i18n

docs: setup ## bring the tables of the README and the description of the API up to date
	$(BIN)/python -m tests.readme
	$(BIN)/python -m tests.api.breaking

# The pages that friction writes are looked at in a real browser, on a machine that may have none yet.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
		{ [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "Installing chromium for the tests of pages" && \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
		chromium fonts-liberation >/dev/null; } || \
		echo "chromium is missing and cannot be installed here: tests of pages are LEFT OUT" >&2

# Scripts of others that the pages use: pinned, checked, never committed. Without npm the pages work without them.
web: setup ## fetch the scripts of others that make the pages quicker, pinned and checked (needs npm)
	@$(BIN)/python -m api.web.vendor

picture: setup browser ## the pictures of the report in the README
	$(BIN)/python -m tests.browser.picture

fuzz: setup ## long racks: hostile and oversized input, with figures
	@$(ALSO)/fuzz.lock || echo "fuzz: atheris cannot be installed here, its guided runs are LEFT OUT" >&2
	$(BIN)/python -m tests.isolate
	$(BIN)/python -m tests.fuzz

bench: setup ## speed and memory on generated events, and the same counts by five others, into the README (half an hour)
	@$(ALSO)/peers.lock || echo "bench: DuckDB and chDB cannot be installed here, they are LEFT OUT" >&2
	@$(MAKE) --no-print-directory java && $(ALSO)/spark.lock || echo "bench: Spark cannot be installed here, it is LEFT OUT" >&2
	$(BIN)/python -m tests.bench

rack: setup ## score of reading broken tables, on files nobody tuned for
	$(BIN)/python -m tests.rack.score --flaws

truth: setup ## are costs and drop-offs right, on made-up shops whose truth is known (about half an hour)
	@$(ALSO)/truth.lock || echo "truth: doubleml cannot be installed here, the second opinion is LEFT OUT" >&2
	$(BIN)/python -m tests.truth

nights: setup ## sixty nights of a made-up shop through friction scan: is exactly what was planted told? (about ten minutes)
	$(BIN)/python -m tests.nightly

record: setup browser ## record the visits to the sample shop anew, in Chromium and with rrweb (needs npm)
	$(BIN)/python -m fixtures.sites.recorded.record --out fixtures/sites/recorded

e2e-long: setup ## the service under kill -9 at a hundred instants, under load, and thousands of generated requests
	$(BIN)/python -m tests.api.instants --instants 50
	$(BIN)/python -m tests.api.load
	$(BIN)/python -m tests.api.load --gigabytes 2
	$(BIN)/python -m tests.nightly.killed --instants 20
	FRICTION_API_EXAMPLES=200 $(BIN)/python -m pytest -q tests/api/test_contract.py

deploy: setup ## the chart as Helm itself renders it, against the schemas of Kubernetes
	@$(ALSO)/deploy.lock || echo "deploy: Helm cannot be installed here, the chart is LEFT OUT" >&2
	$(BIN)/python -m tests.deploy

spark: setup java ## the report of one machine from a real Spark cluster of two workers, one of them killed (three minutes)
	$(ALSO)/spark.lock
	$(BIN)/python -m tests.spark

# A cluster needs a Java of its own, 17 or later.
java:
	@command -v java >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
		echo "Installing a Java runtime for Spark" && apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends default-jre-headless >/dev/null; } || \
		{ echo "Spark needs Java 17 or later: install a runtime, such as default-jre-headless" >&2; exit 1; }

serve: setup web ## the service and its pages on this machine only
	$(BIN)/friction serve

clean: ## remove .venv, builds and caches
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy friction api tests

# The exact packages, with hashes and without addresses; needs uv (`pip install uv`).
# Spark is in its own lock alone.
EXTRAS := $(addprefix --extra ,bigquery buckets client excel lakes notify server snowflake sql)
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header --quiet
lock:
	$(LOCK) pyproject.toml $(EXTRAS) -o requirements/base.lock
	$(LOCK) pyproject.toml $(EXTRAS) --group dev -o requirements/dev.lock
	for rack in $(RACKS); do $(LOCK) --group $$rack -c requirements/dev.lock -o requirements/$$rack.lock || exit 1; done

$(READY): requirements/dev.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "friction needs Python 3.11 or later: install it, or say make PYTHON=/path/to/python" >&2; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear $(VENV) || \
		{ echo "this Python cannot make a virtual environment; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Installing the locked packages into $(VENV) (a few minutes the first time)"
	@$(PIP) --require-hashes -r requirements/dev.lock
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@
