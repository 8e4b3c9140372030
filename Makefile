# Every target makes its own .venv when there is none.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: setup demo test test-slow test-browser screenshots lint format bench docs clean new-finding
setup: $(STAMP)

$(STAMP): pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

demo: setup
	@$(BIN)/meshglobal sandbox demo

test: setup
	@$(BIN)/python -m pytest -q -m "not slow and not browser"

test-slow: setup
	@$(BIN)/python -m pytest -q -m slow

test-browser: setup
	@tools/install_chromium.sh
	@$(BIN)/python -m pytest -q -m browser tests/browser

# The pictures of the documentation.
screenshots: setup
	@tools/install_chromium.sh
	@MESHGLOBAL_SCREENSHOTS=docs/images $(BIN)/python -m pytest -q -m browser tests/browser/test_screenshots.py

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/check_sizes.py

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup
	@$(BIN)/python -m bench

docs: setup
	@$(BIN)/python tools/make_docs.py
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet
	@echo build/site/index.html

# make new-finding AREA=exposure SLUG=some-slug [CODE=MG1xx]
new-finding: setup
	@$(BIN)/python tools/new_finding.py "$(AREA)" "$(SLUG)" "$(CODE)"

clean:
	rm -rf $(VENV) dist build
