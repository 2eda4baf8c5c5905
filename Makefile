# Works with GNU Make 3.81 (macOS) and newer. Every command is listed by `make help`.
PORT ?= 8000
DATA ?= instance
WORKERS ?= 2

BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCKED := --require-hashes --only-binary :all:
CATALOGUE := safehouse/translations
EXTRACT := $(BIN)/pybabel -q extract -F pyproject.toml -k _l -k lazy_gettext -k ngettext:1,2 --no-location \
	--sort-output --project=safehouse --version=0.1 -o .build/messages.pot .

.PHONY: help setup run test lint format types templates catalogues translations migration bench check lock clean
.DEFAULT_GOAL := help

help: ## List these commands
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r name text; \
		do printf '  make %-14s %s\n' "$$name" "$$text"; done

setup: .venv/product ## Make .venv and install the product from requirements.lock
	@echo "Ready. Next: make run"

run: .venv/product ## Serve the demo on http://127.0.0.1:PORT with its data in DATA
	@exec $(BIN)/safehouse demo --port "$(PORT)" --data "$(DATA)"

test: lint types templates catalogues ## Run everything: lint, types, both databases, real Chromium
	@$(BIN)/python scripts/provide_for_tests.py
	@$(BIN)/python -m pytest -n "$(WORKERS)"

check: test ## The same as test

lint: .venv/tests ## Look for mistakes and for uneven layout
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "Layout differs. Run: make format"; exit 1; }

format: .venv/tests ## Lay out the code evenly
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

types: .venv/tests ## Check the types
	@$(BIN)/mypy

templates: .venv/tests ## Check the templates
	@$(BIN)/djlint --lint --quiet templates

catalogues: .venv/tests ## Check that the catalogues hold the sentences of the code
	@mkdir -p .build
	@$(EXTRACT)
	@$(BIN)/pybabel -q update --check --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date \
		-i .build/messages.pot -d $(CATALOGUE) > .build/catalogues.log 2>&1 \
		|| { tail -1 .build/catalogues.log; echo "Run: make translations"; exit 1; }

translations: .venv/tests ## Bring the catalogues up to date with the code, and compile them
	@mkdir -p .build
	@$(EXTRACT)
	@$(BIN)/pybabel update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date \
		-i .build/messages.pot -d $(CATALOGUE)
	@$(BIN)/pybabel compile -d $(CATALOGUE)

migration: .venv/product ## Write the next migration from the models: make migration NAME="what changes"
	@test -n "$(NAME)" || { echo 'Say what changes: make migration NAME="add a column"'; exit 1; }
	@$(BIN)/python scripts/new_migration.py "$(NAME)"

bench: .venv/product ## Measure the speed against the floors in docs/performance.md
	@$(BIN)/python -m bench

lock: ## Write both lock files anew from pyproject.toml (needs uv)
	@command -v uv >/dev/null || { echo "This command needs uv. Install it with: pipx install uv"; exit 1; }
	@for extra in "" "--extra test"; do \
		file=requirements$${extra:+-test}.lock; \
		uv pip compile pyproject.toml --group build $$extra --upgrade --universal --python-version 3.11 --quiet \
			--generate-hashes --no-emit-index-url --no-header --no-annotate --output-file $$file; \
	done

clean: ## Remove what these commands made, except the data
	@rm -rf .venv .build .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A virtual environment works only where it was made and while its Python is there; otherwise it is made anew.
$(shell [ ! -d .venv ] || { [ "$$(cat .venv/place 2>&1)" = "$(CURDIR)" ] && .venv/bin/python -c '' 2>&1; } || rm -rf .venv)

.venv/place:
	@python=$$(sh scripts/find-python) && "$$python" -m venv .venv
	@printf '%s\n' "$(CURDIR)" > $@

.venv/product: requirements.lock pyproject.toml | .venv/place
	@echo "Installing from requirements.lock"
	@$(INSTALL) $(LOCKED) -r requirements.lock
	@$(INSTALL) --no-deps --no-index --no-build-isolation -e .
	@touch $@

.venv/tests: requirements-test.lock | .venv/product
	@echo "Installing from requirements-test.lock"
	@$(INSTALL) $(LOCKED) -r requirements-test.lock
	@touch $@
