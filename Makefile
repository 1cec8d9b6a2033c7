# The front door: `make run`, `make test`, `make check`. `make` alone lists the targets.
# Works with GNU make 3.81 and newer, so also with the one that macOS ships.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# What Debian has to bring: to run, to rebuild bpf/, and to test.
RUN_PACKAGES := libbpf1
BPF_PACKAGES := clang-14 libbpf-dev bpftool
KERNEL_PACKAGES := qemu-system-x86 busybox-static cpio xz-utils debian-archive-keyring
ARM64_PACKAGES := qemu-system-arm gcc-aarch64-linux-gnu libc6-dev-arm64-cross openssl
TEST_PACKAGES := $(RUN_PACKAGES) $(BPF_PACKAGES) $(KERNEL_PACKAGES) gcc libc6-dev iproute2 nftables tmux util-linux groff-base

# What `make test-kernels` boots: Debian's kernels 5.10, 6.1, 6.12 and 7, of x86_64 or arm64, and two of them locked down;
# RUNGS="kprobe proc" for a part.
KERNELS ?= 5.10 6.1 6.12 7 6.12+integrity 7+confidentiality
ARCH ?= x86_64
RUNGS ?=

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: run-packages build ## Install what is missing, build and start tcptop; options in ARGS="-b -n 1"
	@bin/tcptop $(ARGS)

.PHONY: test
test: test-packages node_modules/.stamp ## Install what is missing and run every suite (root, Linux; at most 45 minutes)
	@scripts/test

.PHONY: check
check: node_modules/.stamp ## The fast lane: types, lint, generated files, unit tests (any system)
	@scripts/test build types lint generated unit

.PHONY: test-kernels
test-kernels: test-packages $(ARCH)-packages build ## Run all rungs on Debian's kernels, emulated: KERNELS="6.1 7" ARCH=arm64
	@ARCH="$(ARCH)" RUNGS="$(RUNGS)" test/kernels/run $(KERNELS)

.PHONY: kernels-document
kernels-document: build ## Take what `make test-kernels` found into docs/kernels.md
	@node dist/scripts/record-kernels.js

.PHONY: build
build: node_modules/.stamp ## Compile to dist/
	@node_modules/.bin/tsc -p tsconfig.build.json

.PHONY: bpf
bpf: bpf-packages node_modules/.stamp ## Rebuild bpf/tcptop.bpf.o and the decoders generated from it
	@scripts/build-bpf

.PHONY: bench
bench: test-packages build ## Measure the cost of a tick beside `ss`
	@node dist/bench/main.js $(ARGS)

.PHONY: lint
lint: node_modules/.stamp ## Check types, style and format
	@node_modules/.bin/tsc -p tsconfig.json
	@node_modules/.bin/biome ci --error-on-warnings

.PHONY: format
format: node_modules/.stamp ## Format, and repair what the linter can
	@node_modules/.bin/biome check --write

.PHONY: clean
clean: ## Remove everything that was built or installed here
	@rm -rf dist build coverage node_modules

.PHONY: run-packages bpf-packages test-packages x86_64-packages arm64-packages
run-packages:
	@scripts/install-packages $(RUN_PACKAGES)
bpf-packages:
	@scripts/install-packages $(BPF_PACKAGES)
test-packages:
	@scripts/install-packages $(TEST_PACKAGES)
x86_64-packages:
arm64-packages:
	@scripts/install-packages $(ARM64_PACKAGES)

node_modules/.stamp: package-lock.json
	@command -v npm >/dev/null && node -e 'process.exit(Number(parseInt(process.versions.node, 10) < 20))' || \
	  { echo 'tcptop needs Node.js 20 or newer, with npm' >&2; exit 1; }
	@npm ci --no-progress
	@touch $@
