# The commands of a developer. `make` alone lists them.

CARGO ?= cargo
MIGRATE = $(CARGO) run --quiet --package migrate-cli --

.DEFAULT_GOAL := help
.PHONY: help test faults bench docs lint bless clean \
	migrate-up migrate-down migrate-current migrate-history migrate-create migrate-production

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-20s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo
	@echo "  ARGS='...' passes more to a migrate-* command or to faults: make migrate-up ARGS='-r 002'"

test: ## Run every test, on SQLite, PostgreSQL and MariaDB
	tests/with-servers $(CARGO) test --workspace --all-features --locked

faults: ## Kill runners and servers, cut connections, race; prints a table of the results
	FAULTS=1 tests/with-servers tests/with-pgbouncer tests/with-galera \
		$(CARGO) run --quiet --package migrate-tests --bin faults --locked -- $(ARGS)

# The servers sync to disk here, as they do in production.
bench: ## Measure the crates, and whole commands next to their peers
	DURABLE=1 tests/with-servers sh -ec '\
		$(CARGO) bench --workspace --all-features --locked; \
		tests/bench/run'

docs: ## Build the documentation; a broken link is an error
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --no-deps --workspace --all-features --locked

lint: ## Check formatting and run clippy
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --all-features --locked -- -D warnings

# Inline snapshots are left pending: accept them with `cargo insta review`.
bless: ## Record the current results as expected ones; then read the diff
	TRYBUILD=overwrite INSTA_UPDATE=always INSTA_FORCE_PASS=1 \
		tests/with-servers $(CARGO) test --workspace --all-features --locked --no-fail-fast

clean: ## Remove what was built
	$(CARGO) clean

migrate-up: ## Apply the example's pending schema revisions
	$(MIGRATE) up $(ARGS)

migrate-down: ## Undo the example's last schema revision
	$(MIGRATE) down $(ARGS)

migrate-current: ## Show which revision the example's database is at
	$(MIGRATE) current $(ARGS)

migrate-history: ## List the example's revisions
	$(MIGRATE) history $(ARGS)

# Passed by environment, unexpanded: neither make nor the shell interprets `$` and quotes in the text.
migrate-create: export text := $(value m)
migrate-create: ## Write a revision: make migrate-create m='add phone to users'
	@[ -n "$$text" ] || { echo "usage: make migrate-create m='what it does'" >&2; exit 2; }
	$(MIGRATE) create "$$text" $(ARGS)

migrate-production: ## Run the example's release step: schema and data
	$(MIGRATE) production $(ARGS)
