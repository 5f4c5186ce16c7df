.DEFAULT_GOAL := help
.PHONY: help demo test soak schemathesis bench lint

help: ## Say what can be made
	@sed -n 's/^\([a-z]*\): ## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST)

# What the console's pages are made of, from npm; again only where the lock file has changed.
ui/node_modules/.package-lock.json: ui/package-lock.json
	npm ci --ignore-scripts --no-audit --no-fund --prefix ui
	@touch $@
demo test soak schemathesis bench lint: ui/node_modules/.package-lock.json

demo: ## Build Latchkey and try it, with everything it makes in ./demo-data (LISTEN=127.0.0.1:8080 for another port)
	cargo build --release --locked -p latchkey
	./target/release/latchkey demo --dir ./demo-data $(if $(LISTEN),--listen $(LISTEN))

test: ## Run every test, on SQLite and on a PostgreSQL of its own
	scripts/install-test-tools
	rm -rf target/test-output && mkdir -p target/test-output
	LATCHKEY_TEST_OUTPUT=$(CURDIR)/target/test-output cargo test --workspace --locked
	scripts/no-secret-in-output target/test-output

soak: ## What a few rounds of the tests do, in fifty: a hundred people at once on one invitation, forms made up, kills; ten thousand agents, GLPI away for an hour
	scripts/install-test-tools
	LATCHKEY_SOAK=50 cargo test --locked -p latchkey --test suite -- --test-threads 1 invitations:: invitations_killed:: gateway::crowd::

# Built as the tests are, which have mostly been built already: alone, its crates would be built once more with other features.
schemathesis: ## Ask the API everything that its description allows, and much that it does not (SECONDS=60 SEED=1)
	cargo test --workspace --locked --no-run
	scripts/schemathesis $(or $(SECONDS),60) $(or $(SEED),1)

bench: ## Measure
	cargo build --release --locked -p latchkey -p latchkey-bench
	./target/release/latchkey-bench

lint: ## Check the form, the code and the plan of the house
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cargo test --locked -p latchkey-tests-support --test architecture
