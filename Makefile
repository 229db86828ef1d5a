# Works with Python 3.11 or later and a POSIX shell; what else is needed is put into .venv.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help demo test lint docs bench clean

help:
	@echo 'make demo   show what cibcheck finds in two example clusters'
	@echo 'make test   run the tests'
	@echo 'make lint   check style, types and layers'
	@echo 'make docs   renew what is generated in README.md and docs/'
	@echo 'make bench  measure start-up and growth against their bounds'
	@echo 'make clean  remove what make made'

# Exit code 1 says that cibcheck found something, as it should in the second cluster and must not in the first.
demo: $(VENV)/.ready
	@printf '\n$$ cibcheck check examples/healthy\n\n'
	@$(BIN)/cibcheck check examples/healthy
	@printf '\n$$ cibcheck check examples/mistakes\n\n'
	@$(BIN)/cibcheck check examples/mistakes || test $$? -eq 1

test: $(VENV)/.ready-dev
	$(BIN)/python -m pytest

lint: $(VENV)/.ready-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/.ready-dev
	$(BIN)/cibcheck config --schema --no-plugins > schemas/cibcheck.schema.json
	PYTHONPATH=tests $(BIN)/python tests/test_configuration_pages.py
	$(BIN)/python tests/test_readme.py
	$(BIN)/python tests/test_reference.py
	$(BIN)/python tests/parity/test_parity.py
	$(BIN)/python tests/test_writing_rules.py
	$(BIN)/python tests/test_formats_page.py
	$(BIN)/python tests/test_docs_fixes.py
	$(BIN)/python tests/test_agents_page.py

bench: $(VENV)/.ready-dev
	$(BIN)/python benchmarks/run.py --check

clean:
	rm -rf $(VENV) build dist *.egg-info .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo 'cibcheck needs Python 3.11 or later; name one with make PYTHON=...' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	    echo 'This Python cannot make virtual environments; on Debian and Ubuntu: apt-get install python3-venv' >&2; exit 1; }
	rm -rf $(VENV)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@
