PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test check parts audit up bench lock help train train-reader train-finder train-thermal

# make train: budgets, and photographs taken (1: every label; 12: each twelfth)
TRAINING := .venv-training/bin
READER_SAMPLES ?= $(if $(QUICK),2560,900000)
FINDER_PICTURES ?= $(if $(QUICK),120,200000)
THERMAL_PICTURES ?= $(if $(QUICK),120,100000)
TRAINED_ON = $(if $(QUICK),$(OUT)/few,$(DATA))
SHIPPED := src/morina/sense/recogniser/models
LEARN = OMP_NUM_THREADS=1 PYTHONPATH=. $(TRAINING)/python -m training

help:  ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ -/'

demo: .venv/product  ## three authorities: cameras, hotlists, traffic; the first desk at http://127.0.0.1:8600
	@$(BIN)/morina demo

test: check parts  ## everything: lint, types, contracts, docs, tests with real engines and a browser
	@sh tools/ensure-chromium
	@sh tools/ensure-cameras
	@sh tools/ensure-gdal
	$(BIN)/python tools/audit_dependencies.py
	$(BIN)/pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

check: .venv/developer  ## lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

parts: .venv/developer  ## the list of parts (SBOM, CycloneDX)
	$(BIN)/python tools/parts_list.py requirements.lock build/morina.cdx.json

audit: .venv/developer  ## asks for known flaws of dependencies; says so when nobody answers
	$(BIN)/python tools/audit_dependencies.py

up: .venv/product  ## a node on ./morina-home
	@$(BIN)/morina up

bench: .venv/developer  ## the figures of the docs in short form; DATA=folder adds photographs
	for name in matching pipeline killed first_alert start_up video payloads streams camera_health edge thermal aerial_klv trail backup records records_live envelopes partner_lists partner_hit register federation; do $(BIN)/python benchmarks/$$name.py --quick || exit 1; done
	$(if $(DATA),$(BIN)/python benchmarks/recogniser.py --data $(DATA) --labels $(DATA)/labels.csv --quick)

train: .venv-training/ready  ## both networks anew, measured: DATA=folder FONTS=folder TEACHER=file OUT=folder; QUICK=1 only tries it
	$(foreach name,DATA FONTS TEACHER OUT,$(if $($(name)),,$(error make train needs $(name)=...; training/README.md says what it is)))
	$(if $(filter $(abspath $(SHIPPED)),$(abspath $(OUT))),$(error OUT is the folder of the shipped networks; name another))
	@mkdir -p $(OUT)
	$(if $(QUICK),@mkdir -p $(TRAINED_ON) && ln -sfn $(abspath $(DATA))/*/ $(TRAINED_ON)/ && awk 'NR % 12 == 1' $(DATA)/labels.csv > $(TRAINED_ON)/labels.csv)
	@$(MAKE) --no-print-directory --jobs=2 train-reader train-finder
	$(LEARN).cards --reader $(OUT)/reader.json --finder $(OUT)/finder.json --out $(OUT)
	@echo "Shipped networks are as they were. To install these: cp $(OUT)/reader.onnx $(OUT)/finder.onnx $(SHIPPED)/ && $(TRAINING)/python -m training.cards --reader $(OUT)/reader.json --finder $(OUT)/finder.json --out $(SHIPPED)"

train-reader:
	$(LEARN).train_reader --data $(TRAINED_ON) --fonts $(FONTS) --samples $(READER_SAMPLES) --seed 1 --out $(OUT)
	$(LEARN).export_reader --weights $(OUT)/reader.pt --out $(OUT)/reader.onnx
	$(LEARN).evaluate_reader --data $(TRAINED_ON) --model $(OUT)/reader.onnx --calibrate --json $(OUT)/reader.json

train-finder:
	$(LEARN).train_finder --data $(TRAINED_ON) --teacher $(TEACHER) --cache $(OUT)/cache --pictures $(FINDER_PICTURES) --seed 1 --out $(OUT)/finder.onnx
	$(LEARN).evaluate_finder --data $(TRAINED_ON) --peer $(TEACHER) --model $(OUT)/finder.onnx --cache $(OUT)/cache $(if $(QUICK),--rendered 8) --json $(OUT)/finder.json

train-thermal: .venv-training/ready  ## the detector of thermal video anew, measured: AERIAL=folder of HIT-UAV OUT=folder
	$(foreach name,AERIAL OUT,$(if $($(name)),,$(error make train-thermal needs $(name)=...; training/README.md says what it is)))
	@mkdir -p $(OUT)
	$(LEARN).thermal.train --data $(AERIAL) --finder $(SHIPPED)/finder.onnx --pictures $(THERMAL_PICTURES) --seed 1 --out $(OUT)/thermal.pt
	$(LEARN).thermal.export --weights $(OUT)/thermal.pt --out $(OUT)/thermal.onnx
	$(LEARN).thermal.evaluate --data $(AERIAL) --model $(OUT)/thermal.onnx --calibrate --json $(OUT)/thermal.json
	$(LEARN).thermal.card --figures $(OUT)/thermal.json --out $(OUT)

lock:  ## resolve the dependencies anew (needs uv)
	uv pip compile pyproject.toml tools/build.in --universal --generate-hashes --no-annotate --no-header -q -o requirements.lock
	uv pip compile pyproject.toml tools/build.in --extra dev -c requirements.lock --universal --generate-hashes --no-annotate --no-header -q -o requirements-dev.lock
	uv pip compile tools/edge.in tools/build.in --python-version 3.11 -c requirements.lock --universal --generate-hashes --no-annotate --no-header -q -o requirements-edge.lock

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

.venv-training/ready: requirements.lock training/requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv-training
	$(TRAINING)/python -m pip --disable-pip-version-check --quiet install --no-deps --require-hashes -r requirements.lock
	$(TRAINING)/python -m pip --disable-pip-version-check --quiet install -r training/requirements.txt
	$(TRAINING)/python -m pip --disable-pip-version-check --quiet install --no-deps --no-build-isolation --editable .
	@touch $@
