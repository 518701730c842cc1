# scripts/need.sh finds the required programs and, as root, installs the missing ones.
.PHONY: help run test test-quick check lint doc deny bench soak fuzz

# The directories of rustup's cargo, for shells without it in PATH, and of what need.sh installs beside Debian's packages.
export PATH := $(PATH):$(HOME)/.cargo/bin:$(CURDIR)/target/tools/bin
# Tests mostly wait for servers, so more of them than cores; each may run a PostgreSQL of its own.
export RUST_TEST_THREADS ?= 4

QUICK := arrows:: session_sql:: schema:: statements:: sector_visits:: idempotence::twice record_errors:: staffing::

help:
	@echo "make run    collect the network (ARGS=… for the command line, such as ARGS=--demo)"
	@echo "make test   all tests"
	@echo "make test-quick  what needs cargo and PostgreSQL alone"
	@echo "make check  format, clippy, documentation, dependencies, all tests"
	@echo "make bench  benchmarks"
	@echo "make soak   all tests, the long ones in their long form"
	@echo "make fuzz   random airspace files, for 10 minutes each target (TARGET=… SECONDS=…; a nightly compiler)"

run:
	@scripts/need.sh cargo $(if $(DATABASE_URL),,postgres)
	cargo run --release --locked -- $(ARGS)

test:
	@scripts/need.sh cargo postgres prometheus chromium npm docker-compose nginx openssl pgbouncer systemd-analyze python3 curl jq python-packages
	cargo test --locked --workspace --no-fail-fast --features fault-injection

# The core, the parts, and the data path from feed to rows.
test-quick:
	@scripts/need.sh cargo postgres
	cargo test --locked --workspace --lib --bins --features fault-injection
	cargo test --locked --features fault-injection --test it -- $(QUICK)

check: lint doc deny test

lint:
	@scripts/need.sh cargo
	cargo fmt --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	cargo clippy --locked --workspace --all-targets --all-features -- -D warnings

doc: export RUSTDOCFLAGS := -D warnings
doc:
	@scripts/need.sh cargo
	cargo doc --locked --workspace --no-deps

bench:
	@scripts/need.sh cargo postgres
	cargo bench --locked --bench cycle
	cargo bench --locked --bench lease --bench status --features fault-injection

deny:
	@scripts/need.sh cargo cargo-deny
	@scripts/deny.sh

# One target after the other; what it finds is added to the corpus, from which `cargo +nightly fuzz cmin` takes what is new.
TARGET ?= $(patsubst fuzz/fuzz_targets/%.rs,%,$(wildcard fuzz/fuzz_targets/*.rs))
SECONDS ?= 600
fuzz:
	@scripts/need.sh cargo
	@cargo +nightly fuzz --version >/dev/null 2>&1 || { echo "needs: rustup toolchain install nightly && cargo install cargo-fuzz"; exit 1; }
	for target in $(TARGET); do \
		cargo +nightly fuzz run $$target -- -max_total_time=$(SECONDS) -timeout=10 -rss_limit_mb=1024 || exit 1; \
	done

soak: export SECTORWATCH_LONG_TESTS := 1
soak: test
