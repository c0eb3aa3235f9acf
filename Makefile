PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test check up bench lock help

help:  ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ -/'

demo: .venv/product  ## a node with three cameras, a hotlist and traffic; desk at http://127.0.0.1:8600
	@$(BIN)/morina demo

test: check  ## everything: lint, types, contracts, docs, tests with real engines and a browser
	@sh tools/ensure-chromium
	$(BIN)/pytest

check: .venv/developer  ## lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

up: .venv/product  ## a node on ./morina-home
	@$(BIN)/morina up

bench: .venv/developer  ## the figures of the docs in short form; DATA=folder adds photographs
	for name in matching pipeline killed first_alert; do $(BIN)/python benchmarks/$$name.py --quick || exit 1; done
	$(if $(DATA),$(BIN)/python benchmarks/recogniser.py --data $(DATA) --labels $(DATA)/labels.csv --quick)

lock:  ## resolve the dependencies anew (needs uv)
	uv pip compile pyproject.toml tools/build.in --universal --generate-hashes --no-annotate --no-header -q -o requirements.lock
	uv pip compile pyproject.toml tools/build.in --extra dev -c requirements.lock --universal --generate-hashes --no-annotate --no-header -q -o requirements-dev.lock

.venv/pip:
	@$(PYTHON) -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Morina needs Python 3.11 or newer with venv: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/product: requirements.lock pyproject.toml | .venv/pip
	$(PIP) install --no-deps --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/developer: requirements-dev.lock pyproject.toml | .venv/pip
	$(PIP) install --no-deps --require-hashes -r requirements-dev.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@ .venv/product
