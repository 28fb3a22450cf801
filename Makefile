# One target a task; `make help` lists them. Everything runs in .venv, which the first target that needs it makes. What few
# need is a script: docs/architecture.md lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO_STAMP := $(VENV)/.demo-installed

# Hundreds of processes that tests start would each compile the package.
unexport PYTHONDONTWRITEBYTECODE

# A file's tests stay in one process, as they share what is slow to make. One process more than cores, because a third of
# the tests' time is waiting for others. WORKERS=0 runs them one after the other.
WORKERS ?= $(shell $(PYTHON) -c "import os; print((os.cpu_count() or 1) + 1)")
PYTEST := $(BIN)/pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder

# Not measured: tests of scripts, of what is generated and of documents; and those that go by time-outs or count memory,
# which measuring would change.
UNMEASURED := $(addprefix tests/,attack documents forge scripts spec admin/backup/test_backup_memory.py \
	pacing/test_under_limits.py $(addprefix browser/test_,report_links.py report_looks.py report_table.py site.py))

.PHONY: help install generate check-generated check-docs check-api lint types checks unit test quick exhaustive coverage docs demo record build release bench hooks clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

install: $(STAMP) ## Make .venv and install the project with all that developing needs

$(STAMP): pyproject.toml
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@$(BIN)/python scripts/lint_spec.py --install
	@touch $@

$(DEMO_STAMP): pyproject.toml
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --editable '.[cli,sandbox]'
	@touch $@

hooks: $(STAMP) ## Let git check what is staged before each commit, in seconds
	@$(BIN)/pre-commit install

generate: $(STAMP) ## Write generated/ and the strict models of the tests from spec/openapi.yaml
	@$(BIN)/python scripts/generate.py

check-generated: $(STAMP) ## Fail if generated/ is not what `make generate` writes
	@$(BIN)/python scripts/generate.py --check

check-docs: $(STAMP) ## Compare a saved page, PAGE=file.md, and the vendor's OpenAPI, VENDOR=folder, with the spec
	@test -n "$(PAGE)$(VENDOR)" || { echo "Name what to compare: make check-docs PAGE=page.md VENDOR=folder" >&2; exit 2; }
	@$(BIN)/python scripts/check_docs.py $(if $(PAGE),"$(PAGE)") $(if $(VENDOR),--vendor "$(VENDOR)")

check-api: $(STAMP) ## Compare the public API with the last release (or BASE=ref); the changelog must say what breaks
	@$(BIN)/python scripts/check_api.py $(if $(BASE),--base $(BASE))

lint: $(STAMP) ## Lint and check the format of the code, the direction of imports, and the budget
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/python scripts/check_budget.py

types: $(STAMP) ## Check types: mypy strict, and pyright on what users write
	@$(BIN)/mypy
	@$(BIN)/pyright tests/typing

checks: lint types check-generated check-api
	@$(BIN)/python scripts/lint_spec.py
	@$(BIN)/python scripts/check_workflows.py

# Only exhaustive tests use Schemathesis, whose plugin each process would load.
unit: $(STAMP)
	@$(PYTEST) -p no:schemathesis -m 'not exhaustive'

test: $(STAMP) ## Run every check, side by side with the tests: all but those that only multiply others
	@$(MAKE) --no-print-directory -j 2 unit checks

quick: checks ## Run every check, and the tests that a changed spec may fail
	@$(PYTEST) -m 'not exhaustive' $(addprefix tests/,core exchange forge recorded sandbox admin/doctor scripts/quirk_page spec)

exhaustive: $(STAMP) ## Run what `make test` samples, whole: every fault with every operation, a kill at every request
	@$(BIN)/pyright
	@$(PYTEST) -m "exhaustive or hypothesis"

coverage: $(STAMP) ## Run the tests of the overlay, and hold the lines and branches that they reach against the limit
	@rm -rf .cache/coverage && mkdir -p .cache/coverage
	@$(BIN)/coverage run -m pytest -q -m "not exhaustive" $(addprefix --ignore=,$(UNMEASURED))
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

docs: $(STAMP) ## Build the site of the documents into build/site, strictly
	@$(BIN)/python scripts/build_docs.py

# What developing needs has all of it; without that, the demo installs what it needs itself and no more.
demo: $(if $(wildcard $(STAMP)),$(STAMP),$(DEMO_STAMP)) ## Walk an administrator's day against sandbox tenants, and open its audit's report
	@mkdir -p build
	@$(BIN)/qac demo --report build/audit.html --overwrite
	@$(BIN)/python scripts/open_report.py build/audit.html

record: $(STAMP) ## Record the cassettes again, from a sandbox or from the tenant that the environment names
	@$(BIN)/pytest -q tests/recorded --record-mode=rewrite

bench: $(STAMP) ## Measure the client beside what does the same without it, or one ROW=decode
	@$(BIN)/python scripts/bench.py $(ROW) $(if $(filter 1,$(QUICK)),--quick)

build: $(STAMP) ## Build wheel and sdist twice, check them, and use the wheel in empty environments, each extra alone
	@$(BIN)/python scripts/build_dist.py

release: $(STAMP) ## Rehearse the release of VERSION=1.2.3; with PUBLISH=1 make its commit and tag at the end
	@test -n "$(VERSION)" || { echo "Name the version: make release VERSION=1.2.3" >&2; exit 2; }
	@$(BIN)/python scripts/release.py $(VERSION) $(if $(filter 1,$(PUBLISH)),--publish) $(if $(filter 1,$(SKIP_CHECKS)),--skip-checks)

clean: ## Remove what was built and cached
	@rm -rf $(VENV) dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .cache
