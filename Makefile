# gongbao: the two commands are `make run` and `make test`; each sets up what it needs.
# Everything lives in .venv; nothing outside this folder and the warehouse is written.

PYTHON    ?= python3
VENV      := .venv
BIN       := $(VENV)/bin
INBOX     ?=
WAREHOUSE ?=

.PHONY: setup setup-dev run test lint bench bench-dask bench-explorer bench-extract bench-gate bench-marts bench-sheets compiled fuzz lock soak clean

setup: $(VENV)/.runtime
setup-dev: $(VENV)/.dev

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("gongbao needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

# --no-deps: the lock is complete, and older pips refuse hashes without it. `pip check` proves that it is complete.
$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m pip check
	touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements-dev.lock
	$(BIN)/python -m pip check
	touch $@

# Exit code 3 (done, and some inputs were quarantined) published a release too: see docs/operations.md.
run: setup
	@$(BIN)/gongbao run $(if $(INBOX),--inbox '$(INBOX)') $(if $(WAREHOUSE),--warehouse '$(WAREHOUSE)') || [ $$? -eq 3 ]

test: setup-dev
	# A file of tests stays in one process: its tests share what its fixtures have read. In the order of their names:
	# by the number of their tests, the few whole nights of tests/flows would come last, and one process would wait.
	# One process more than cores, as one that waits for a server leaves its core idle; with twice as many each works so
	# much longer that all take longer.
	$(BIN)/python -m pytest -n $$($(BIN)/python -c 'import os; print(os.cpu_count() + 1)') --dist loadfile --no-loadscope-reorder

# Every fault of a night, many times, and the table of what held (docs/robustness.md).
soak: setup-dev
	$(BIN)/python -m tests.robustness.soak $(if $(KILLS),--kills $(KILLS)) $(if $(SEED),--seed $(SEED))

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Inputs that nobody sent yet, for SECONDS in all (docs/fuzzing.md); `make test` has the short form.
fuzz: SECONDS := 600
fuzz: setup-dev
	$(BIN)/python -m tests.fuzz $(SECONDS)

# Extraction as machine code, in half the time; a build of other sources is passed over. Needs a C compiler.
compiled: setup-dev
	$(BIN)/python -m gongbao.compiled

bench: compiled
	$(BIN)/python -m tests.bench

bench-extract: compiled
	$(BIN)/python -m tests.bench_extract

bench-sheets: setup-dev
	$(BIN)/python -m tests.bench_sheets

# Reading and extraction by one process, two, and a Dask cluster of two workers.
bench-dask: compiled
	$(BIN)/python -m tests.bench_dask

# The explorer page of a million facts, or of MILLIONS, in a browser.
bench-explorer: setup-dev
	$(BIN)/python -m tests.bench_explorer $(MILLIONS)

# Millions of facts: 1, 5 and 25, or those that MILLIONS names (docs/measuring.md).
bench-marts: setup-dev
	$(BIN)/python -m tests.bench_marts $(MILLIONS)

# The gate over the same facts, beside building the marts.
bench-gate: setup-dev
	$(BIN)/python -m tests.bench_gate $(MILLIONS)

# uv writes hashes without naming an index; the locks are the only place where versions are pinned.
lock:
	uv pip compile pyproject.toml --extra build --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate -c constraints.txt -o requirements.lock
	uv pip compile pyproject.toml --extra build --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate -c constraints.txt -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf $(VENV) build *.egg-info
