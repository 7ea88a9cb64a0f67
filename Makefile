# Everything a user or CI runs. `make check` and `make test` set up what they need themselves.
SHELL := /bin/bash
# CONFIG=debug uses what `make test` has built.
CONFIG ?= release
MMCK := .build/$(CONFIG)/mmck
TRACES := out/traces
CERTIFICATES := out/certificates

.PHONY: all check test test-engines test-peers test-random test-native test-proofs test-certificates test-certificates-mshare cvc5 bench bench-prove build setup counterexamples \
  format lint clean

all: check

# Debian's libz3 is what the provers link against; nothing else is installed.
setup:
	@if ! dpkg -s libz3-dev >/dev/null 2>&1 && command -v apt-get >/dev/null; then \
	  echo "installing libz3-dev (Debian)"; \
	  SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq libz3-dev >/dev/null; \
	fi

build: setup
	swift build -c $(CONFIG) --product mmck

# Builds, runs the shipped specs, prints the verdict table, writes the traces below out/traces.
check: build
	$(MMCK) check specs --trace-dir $(TRACES)

test: setup
	swift build --build-tests
	swift test --skip-build

# Compares numbers of states with SPIN, Rumur and TLC, which are installed if they are missing. PEERS="--large NAME ..." picks rows.
test-peers: build
	Tools/test-peers $(MMCK) $(PEERS)

# Search against Z3 on everything that is shipped: verdicts, and lengths of the shortest violations. ENGINES="--time 30s SPEC ..."
test-engines: build
	Tools/test-engines $(MMCK) $(ENGINES)

# The solver that checks certificates.
cvc5:
	@if ! command -v cvc5 >/dev/null; then \
	  echo "installing cvc5 (Debian)"; \
	  SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq --no-install-recommends cvc5 >/dev/null; \
	fi

# Proofs of classic specs at scopes too large to search, confirmed by cvc5, which has to refuse them once they are tampered with.
test-certificates: build cvc5
	rm -rf $(CERTIFICATES)
	for name in mutex rwlock refcount ptshare; do \
	  $(MMCK) prove specs/classic/$$name.mmck --scope large --certificate $(CERTIFICATES) || [ $$? -eq 3 ] || exit 1; \
	done
	Tools/check-certificates $(CERTIFICATES) cvc5

# The same for what is proven of v1-2022 with six tasks: about an hour. Each word is a run, of the properties that it names.
MSHARE_PROVEN := writes_are_allowed entry_has_vma only_own_vma_marked attached_is_permitted lock.unguarded lock.self_deadlock \
  lock.freed_while_held lock.unlock_not_held lifetime.null lifetime.use_after_free lifetime.double_free \
  lifetime.refcount_underflow lifetime.never_freed range.overflow \
  vm_mm_is_its_mm,range_does_not_wrap,attached_range_is_region,host_address_in_region,top_level_entry_is_user,split_moves_nothing,unlink_unmaps_attached

test-certificates-mshare: build cvc5
	rm -rf $(CERTIFICATES)-mshare
	for names in $(MSHARE_PROVEN); do \
	  $(MMCK) prove specs/mshare/v1-2022.mmck --scope leave_many -D 'FIX_*=true' --explore leave --time 90s \
	    --property $$(echo $$names | sed 's/,/ --property /g') --certificate $(CERTIFICATES)-mshare || exit 1; \
	done
	Tools/check-certificates $(CERTIFICATES)-mshare cvc5 --time 1200

# Thousands of random specs: interpreter against compiled steps, threads, reductions. Another MMCK_RANDOM_SEED gives others.
test-random: setup
	MMCK_RANDOM_SPECS=$${MMCK_RANDOM_SPECS:-2000} swift test -c release -Xswiftc -enable-testing \
	  --scratch-path .build/random --filter 'DifferentialTests|BoundedCheckTests'

# Proofs for any number of processes that take minutes.
test-proofs: setup
	swift build --build-tests
	MMCK_LONG_PROOFS=1 swift test --skip-build --filter AnyNumberTests

# Compiled steps against the interpreter in every reachable state of every shipped scope.
test-native: setup
	swift build --build-tests
	MMCK_EVERY_STATE=1 swift test --skip-build --filter EveryStateTests

# mmck and its peers on the same models, side by side. BENCH="--large NAME ..." picks rows.
bench: build
	Benchmarks/run $(MMCK) $(BENCH)

# mmck check, mmck prove and other provers on the same questions. PROVE="--quick NAME ..." picks rows.
bench-prove: build
	Benchmarks/prove $(MMCK) $(PROVE)

# Records the committed traces of mshare v1 anew; a change is a diff to be reviewed.
counterexamples: build
	Tools/record-counterexamples $(MMCK)

format:
	swift format format --in-place --recursive Package.swift Sources Tests
	$(MMCK) fmt specs

lint:
	swift format lint --strict --recursive Package.swift Sources Tests

clean:
	rm -rf .build out
