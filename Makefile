# Every target makes its own .venv when there is none.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: setup demo test test-slow test-browser screenshots lint format bench docs web web-dev clean new-finding
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
	@$(BIN)/python -m pytest -q -m browser --dist loadfile tests/browser

# The pictures of the documentation.
screenshots: setup
	@tools/install_chromium.sh
	@MESHGLOBAL_SCREENSHOTS=docs/images $(BIN)/python -m pytest -q -m browser tests/browser/test_screenshots.py \
		tests/browser/test_actions_clicked.py

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

# The page of the dashboard. The built files are committed: whoever installs or runs meshglobal needs no Node.
NODE_MODULES := web/node_modules/.package-lock.json
STATIC := meshglobal/dashboard/static

web: $(NODE_MODULES)
	@npm --prefix web run --silent check-types
	@npm --prefix web run --silent lint
	@npm --prefix web run --silent test
	@npm --prefix web run --silent build
	@git diff --quiet --exit-code -- $(STATIC) && test -z "$$(git status --porcelain -- $(STATIC))" || \
	  { echo "$(STATIC) is not what web/ builds now: commit it with its sources" >&2; git status --short -- $(STATIC) >&2; exit 1; }

$(NODE_MODULES): web/package.json web/package-lock.json
	@node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' || \
	  { echo "the page needs Node.js 20.19 or newer, with npm: https://nodejs.org" >&2; exit 1; }
	@npm --prefix web ci --no-audit --no-fund --loglevel=error
	@touch $@

web-dev: $(NODE_MODULES)
	@npm --prefix web run --silent watch

# make new-finding AREA=exposure SLUG=some-slug [CODE=MG1xx]
new-finding: setup
	@$(BIN)/python tools/new_finding.py "$(AREA)" "$(SLUG)" "$(CODE)"

clean:
	rm -rf $(VENV) dist build web/node_modules
