# One command each: make serve, make test, make lint, make bench. See README.md.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# Test files run side by side, two or up to four at once; `make test SIDE_BY_SIDE=` runs them one after another.
SIDE_BY_SIDE ?= --numprocesses auto --maxprocesses 4 --dist loadgroup

.PHONY: serve index test lint format mutants bench eval opensearch sbom lock clean help

help:
	@echo "make serve    install, build the store from the bundled corpus, serve on http://127.0.0.1:8000 (PORT respected)"
	@echo "make test     install what the tests need and run them all"
	@echo "make lint     lint, types, layers, rules of safety"
	@echo "make mutants  how many small faults in the modules that guard something the tests notice; an hour"
	@echo "make eval     questions with known answers: what passes, set by set"
	@echo "make bench    measure speed and size beside a bare Flask app"
	@echo "make opensearch  three OpenSearch nodes on this machine (needs java and mvn), until Ctrl-C"
	@echo "make sbom     what a server is made of, as CycloneDX: build/sbom.cdx.json"
	@echo "make lock     resolve the dependencies anew into requirements*.lock"

# Compiled ahead: where the environment forbids Python to keep what it compiles, every start would do it anew.
serve: $(VENV)/.runtime
	$(BIN)/python -m compileall -q qa_service
	$(BIN)/qa-service serve --host 127.0.0.1 --port $${PORT:-8000}

test: $(VENV)/.development $(VENV)/.node $(VENV)/.opensearch $(VENV)/.pdfs
	$(BIN)/python -m pytest $(SIDE_BY_SIDE)

lint: $(VENV)/.development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/house_rules.py

format: $(VENV)/.development
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

mutants: $(VENV)/.development
	$(BIN)/python scripts/mutants.py $(GROUPS)

eval: $(VENV)/.development
	$(BIN)/python scripts/evaluate.py

bench: $(VENV)/.development
	$(BIN)/python benchmarks/answering.py

opensearch: $(VENV)/.opensearch
	exec $(BIN)/python tests/nodes.py

# Addresses stay out of the lock files: hashes say what is installed, the client's own settings say from where.
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml

sbom: $(VENV)/.development
	$(BIN)/python scripts/sbom.py

lock: | $(VENV)/bin/python
	$(PIP) install uv
	$(LOCK) --extra build --output-file requirements.lock
	$(LOCK) --all-extras --constraint requirements.lock --output-file requirements-dev.lock

clean:
	rm -rf $(VENV) build dist index/store.db* index/store.slack.db* tests/node/node_modules tests/opensearch/target tests/pdfs/files

# The environment is made once and brought up to date when a lock file changes.
$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(PIP) install --require-hashes --requirement requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.development: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	$(PIP) install --require-hashes --requirement requirements-dev.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/.runtime

# Without npm the tests that need it are skipped and say so.
$(VENV)/.node: tests/node/package-lock.json | $(VENV)/bin/python
	if command -v npm >/dev/null; then npm ci --prefix tests/node --no-audit --no-fund && touch $@; fi

# Without mvn the tests that need OpenSearch are skipped and say so.
$(VENV)/.opensearch: tests/opensearch/pom.xml $(shell find tests/opensearch/src -type f) | $(VENV)/bin/python
	if command -v mvn >/dev/null; then mvn --quiet --batch-mode --file tests/opensearch package && touch $@; fi

# Odd PDFs of others, which are not ours to hand on; what cannot be had is skipped and says so.
PDFS = tests/pdfs
COPY = org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy

$(VENV)/.pdfs: $(PDFS)/requirements.txt $(PDFS)/build.txt | $(VENV)/.development
	$(PIP) download --no-deps --no-binary pypdf --require-hashes --build-constraint $(PDFS)/build.txt --requirement $(PDFS)/requirements.txt --dest $(PDFS)/files
	if command -v mvn >/dev/null; then mvn --quiet --batch-mode --strict-checksums $(COPY) -Dartifact=org.apache.tika:tika-parser-pdf-module:3.3.1:jar:tests -DoutputDirectory=$(PDFS)/files && touch $@; fi
