# Everything that is needed is found, or installed when root; scripts/need.sh says what it does.
.PHONY: help run test check lint doc bench soak

# Where rustup puts cargo, for shells that do not know it yet.
export PATH := $(PATH):$(HOME)/.cargo/bin
# Tests mostly wait for servers, so more of them than cores; each may run a PostgreSQL of its own.
export RUST_TEST_THREADS ?= 4

help:
	@echo "make run    collect the network (ARGS=… for the command line, such as ARGS=--demo)"
	@echo "make test   all tests"
	@echo "make check  format, clippy, documentation, all tests"
	@echo "make bench  benchmarks"
	@echo "make soak   all tests, the long ones in their long form"

run:
	@scripts/need.sh cargo $(if $(DATABASE_URL),,postgres)
	cargo run --release --locked -- $(ARGS)

test:
	@scripts/need.sh cargo postgres prometheus chromium npm docker-compose nginx openssl pgbouncer
	cargo test --locked --no-fail-fast --features fault-injection

check: lint doc test

lint:
	@scripts/need.sh cargo
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	cargo clippy --locked --all-targets --all-features -- -D warnings

doc: export RUSTDOCFLAGS := -D warnings
doc:
	@scripts/need.sh cargo
	cargo doc --locked --no-deps

bench:
	@scripts/need.sh cargo postgres
	cargo bench --locked --bench cycle
	cargo bench --locked --bench lease --bench status --features fault-injection

soak: export SECTORWATCH_LONG_TESTS := 1
soak: test
