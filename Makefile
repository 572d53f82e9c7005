# Linbang's two commands are `make run` and `make test`; `make help` lists the rest.
PYTHON ?= python3
VENV := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run test check bench lock demo-figures screenshots clean setup setup-dev

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1	\2/p' $(MAKEFILE_LIST) | expand -t 16

run: setup ## Set up what is missing, then serve the demo (PORT, LINBANG_VAR, DATABASE_URL)
	@$(VENV)/python -m config.serve

test: ## Set up what is missing, then run every check and every test
	@$(PYTHON) -m config.bootstrap --dev --chromium
	@$(VENV)/python -m config.checks --tests

check: setup-dev ## Format, lint, types, contracts, migrations, templates, messages
	@$(VENV)/python -m config.checks

bench: setup-dev ## Print one line a figure: name value unit (ONLY=group for one group)
	@$(VENV)/python -m bench $(ONLY)

demo-figures: setup ## Print the demo community's figures: name value
	@$(VENV)/python manage.py demo_figures

screenshots: setup-dev ## Photograph a running demo (make run) into docs/screenshots
	@$(VENV)/python manage.py screenshots

LOCK = $(VENV)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links --no-strip-extras $(if $(UPGRADE),--upgrade) --extra build
lock: ## Resolve the dependencies of pyproject.toml anew (UPGRADE=1: to the newest)
	$(LOCK) --output-file requirements.lock pyproject.toml
	$(LOCK) --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml

clean: ## Remove caches and builds; the data folder and the environment stay
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache \
		.coverage coverage.xml htmlcov test-results src/linbang.egg-info
	find src config tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

setup:
	@$(PYTHON) -m config.bootstrap

setup-dev:
	@$(PYTHON) -m config.bootstrap --dev
