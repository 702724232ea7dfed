PYTHON := .venv/bin/python
# One worker a core; the browser journeys start a service each and are kept to two.
WORKERS ?= auto

.PHONY: help run test test-hostile lint types format lock

help: ## List the commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST)

run: ## Set everything up and serve the demo on http://localhost:8080
	@tools/setup run
	@exec $(PYTHON) -m app serve

test: ## Set up what tests need, then run lint, types and all tests
	@tools/setup test
	@$(MAKE) --no-print-directory lint types
	$(PYTHON) -m pytest -q -n $(WORKERS) --ignore tests/browser
	$(PYTHON) -m pytest -q -n 2 tests/browser

test-hostile: ## Run the hostile cases that take minutes
	@tools/setup test
	$(PYTHON) -m pytest -q -n 2 -m "long or not long" tests/hostile

lint: ## Check style and the direction of imports
	@tools/setup test
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	.venv/bin/lint-imports
	$(PYTHON) -m app lint app components

types: ## Check types
	@tools/setup test
	$(PYTHON) -m mypy

format: ## Format the code and mend what can be mended by itself
	@tools/setup test
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

lock: ## Write the lock files anew from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --generate-hashes --no-header --no-annotate --python-version 3.11 -o requirements.lock
	uv pip compile pyproject.toml --group dev --generate-hashes --no-header --no-annotate --python-version 3.11 -o requirements-dev.lock
