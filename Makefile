# Two commands do everything: `make demo` and `make test`. They need Python 3.11 or newer, pip and make.

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$each" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$each" && break; done)
# Two more than there are cores: tests that wait for processes of their own leave a core idle.
JOBS = $(shell $(BIN)/python -c 'import os; print((os.cpu_count() or 1) + 2)')
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet -c constraints.txt

.PHONY: develop demo test docs wheel torture corpus fuzz bench pages differential clean

demo: $(VENV)/installed
	$(BIN)/gateway demo

# Everything that is needed to change the program, and nothing run.
develop: $(VENV)/installed-dev

# Where an environment forbids to keep compiled files, each of the many processes of the tests would compile the program anew.
test: export PYTHONDONTWRITEBYTECODE :=
test: $(VENV)/installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -n $(JOBS)

# What people install: the source and, made of that and nothing else, the wheel. Equal trees give equal wheels, byte by byte.
wheel: export SOURCE_DATE_EPOCH = $(shell git log -1 --format=%ct 2>/dev/null || echo 1767225600)
wheel: $(VENV)/installed
	rm -rf build dist
	$(BIN)/python -c 'from setuptools import build_meta; build_meta.build_sdist("dist")' >/dev/null
	$(BIN)/python -m pip --disable-pip-version-check wheel --quiet --no-deps --no-build-isolation --wheel-dir dist dist/*.tar.gz
	@ls -1 dist

# What is too long for every change: two hundred random sets of each guide, written and read; two hundred houses at work for
# long; processes killed a hundred times on each database. GATEWAY_TORTURE says how many times as long as in 'make test'.
torture: $(VENV)/installed-dev
	GATEWAY_TORTURE=200 $(BIN)/python -m pytest -q -n auto tests/formats/x12/test_round_trip.py tests/machine
	GATEWAY_TORTURE=$${GATEWAY_TORTURE:-20} $(BIN)/python -m pytest -q -s tests/torture tests/stream tests/cases

# Every real file of the corpus, and what docs/reference/corpus.md and docs/reference/corpus-mappings.md say of them; GATEWAY_CORPUS names the folder.
corpus: $(VENV)/installed-dev
	@test -n "$$GATEWAY_CORPUS" || { echo "make: set GATEWAY_CORPUS to the folder of real sample files."; exit 1; }
	$(BIN)/python -m pytest -q tests/corpus

# Twelve minutes of damaged files and mappings, some guided by coverage, then a hundred thousand damages of each sample file
# through the whole interpretation (FUZZ_FILES says how many); what breaks is kept in tests/crashers.
fuzz: $(VENV)/installed-dev
	$(PIP) -e '.[fuzz]'
	$(BIN)/python -m tests.fuzz.x12 300 $$GATEWAY_CORPUS
	$(BIN)/python -m tests.fuzz.guided 300 $$GATEWAY_CORPUS
	$(BIN)/python -m tests.fuzz.mappings 120
	$(BIN)/python -m tests.fuzz.files $${FUZZ_FILES:-100000}

# Renew what documents take from the code: the code map and the tables of codes.
pages: $(VENV)/installed-dev
	$(BIN)/python -m tests.architecture.code_map --write
	$(BIN)/python -m tests.architecture.codes_page --write
	$(BIN)/python -m tests.differential.page --write
	$(BIN)/python -m tests.docs.generated --write

# The pages as a site, to be read in a browser: build/docs/index.html. A broken link, or a page in no part of the index, fails it.
docs: $(VENV)/installed-dev
	$(BIN)/python -m docs.site.build build/docs

# Compare ourselves with pyx12 over thousands of damaged sets, and the corpus when GATEWAY_CORPUS names it.
differential: $(VENV)/installed-dev
	$(BIN)/python -m tests.differential.compare 40

# Measure the gateway beside its peers and renew the tables of docs/explanation/performance.md; BENCH=--quick for a look.
bench: $(VENV)/installed .bench-peers/installed
	$(BIN)/python -m bench.run $(BENCH)

# Peers stand in a folder of their own, since some need older libraries than ours; one that cannot be installed is left out.
.bench-peers/installed: $(wildcard bench/peers/needs/*.txt) | $(VENV)/ready
	@for each in bench/peers/needs/*.txt; do \
		$(BIN)/python -m pip --disable-pip-version-check install --quiet --no-warn-conflicts --no-deps --upgrade --target .bench-peers -r $$each \
		|| echo "make: this peer could not be installed and is left out: $$(basename $$each .txt)"; done
	@mkdir -p .bench-peers && touch $@

clean:
	rm -rf $(VENV) .venv-bootstrap .bench-peers .mypy_cache .pytest_cache .ruff_cache .import_linter_cache *.egg-info

# The stamp files say what is installed, so that a second run installs nothing.
$(VENV)/installed: pyproject.toml constraints.txt | $(VENV)/ready
	$(PIP) setuptools
	$(PIP) --no-build-isolation -e '.[sftp-server]'
	@touch $@

$(VENV)/installed-dev: pyproject.toml constraints.txt | $(VENV)/ready
	$(PIP) setuptools
	$(PIP) --no-build-isolation -e '.[dev]'
	@touch $@ $(VENV)/installed

# Where Python came without its venv module: from the system's packages when we may, else with virtualenv.
$(VENV)/ready:
	@test -n "$(PYTHON)" || { echo "make: Python 3.11 or newer is needed, and none was found. Install it, or say make PYTHON=/path/to/python3."; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) >/dev/null 2>&1 \
	|| { test "$$(id -u)" = 0 && apt-get update -qq >/dev/null 2>&1 && apt-get install -y -qq python3-venv >/dev/null 2>&1 \
		&& $(PYTHON) -m venv --clear $(VENV) >/dev/null 2>&1; } \
	|| { $(PYTHON) -m pip install --quiet --target .venv-bootstrap virtualenv \
		&& PYTHONPATH=.venv-bootstrap $(PYTHON) -m virtualenv --quiet --clear $(VENV); } \
	|| { echo "make: no virtual environment could be made with $(PYTHON). Install its venv module (Debian: python3-venv)."; exit 1; }
	@touch $@
