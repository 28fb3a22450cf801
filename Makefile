# One target a task; `make help` lists them. Everything runs in .venv, which the first target that needs it makes.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help install generate check-generated check-docs check-api rehearse-spec-change quirks quirk-table lint-spec lint types unit test demo record build check-vendor-client fault-table soak bench-admin bench-pacing clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 22

install: $(STAMP) ## Make .venv and install the project with all that developing needs

$(STAMP): pyproject.toml
	@test -d $(VENV) || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
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

lint: $(STAMP) ## Lint and check the format of the code, and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

types: $(STAMP) ## Check types: mypy strict, pyright standard
	@$(BIN)/mypy
	@$(BIN)/pyright

unit: $(STAMP) ## Run the tests alone
	@$(BIN)/pytest -q

test: lint types lint-spec check-generated check-api unit ## Run every check

demo: $(STAMP) ## Walk an administrator's day against sandbox tenants, and open its audit's report
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

bench-admin: $(STAMP) ## Measure audit, backup and restore plan against sandboxes (some five minutes)
	@$(BIN)/python scripts/bench_audit.py
	@$(BIN)/python scripts/bench_restore.py
	@$(BIN)/python scripts/bench_backup.py

bench-pacing: $(STAMP) ## Measure the pacing against a sandbox with its limits on (some five minutes)
	@$(BIN)/python scripts/bench_pacing.py

build: $(STAMP) ## Build wheel and sdist, check them, install them into an empty environment and use them there
	@$(BIN)/python scripts/build.py

clean: ## Remove what was built and cached
	@rm -rf $(VENV) dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
