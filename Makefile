# Every target says in its ## comment what it does: `make help` prints them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

GOLANGCI := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
TESTFLAGS ?= -race -timeout 25m
FUZZTIME ?= 60s

.PHONY: help
help: ## print this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: ## start a server with the example bot; needs no configuration
	go run ./cmd/parley serve --demo

.PHONY: build
build: ## build bin/parley
	go build -trimpath -o bin/parley ./cmd/parley

# Whole programs come last and one package after the other: their promises in
# time (a second to an agent's screen) are those of a machine that does one thing.
.PHONY: test
test: setup fmt vet web-check ## run every test, with its own set-up (npm and Debian packages)
	@status=0; \
	go test $(TESTFLAGS) $$(go list ./... | grep -v '/e2e/') || status=1; \
	go test -p 1 $(TESTFLAGS) ./e2e/... || status=1; \
	exit $$status

.PHONY: setup
setup: ## install what the tests need and this machine lacks
	@.ci/setup test

.PHONY: web
web: setup ## build the pages: web/desk/dist and web/widget/dist
	cd web && npm run --silent build

.PHONY: web-check
web-check: setup ## types, tests and a fresh build of the pages; fails when the committed build differs
	cd web && npm run --silent check && npm test --silent
	@old=$$(mktemp -d); trap 'rm -rf "$$old"' EXIT; \
	cp -r web/desk/dist "$$old/desk"; cp -r web/widget/dist "$$old/widget"; \
	(cd web && npm run --silent build); \
	for page in desk widget; do \
		diff -rq "$$old/$$page" "web/$$page/dist" || { echo "web/$$page/dist was not what the sources make; it is now: commit it"; exit 1; }; \
	done

.PHONY: fmt
fmt: ## fail when a Go file is not formatted
	@unformatted=$$(gofmt -l $$(find . -name '*.go' -not -path '*/node_modules/*')); \
	if [ -n "$$unformatted" ]; then echo "not formatted (gofmt -w):"; echo "$$unformatted"; exit 1; fi

.PHONY: vet
vet: ## go vet, for the builds with test tags too
	go vet ./...
	go vet -tags e2e,soak ./...
	go vet -tags faults ./internal/...

.PHONY: check
check: test fix lint verify ## test, plus linters and generated files: run before you push

.PHONY: fix
fix: ## fail when go fix knows a newer way to write something
	@diff=$$(go fix -diff ./...); if [ -n "$$diff" ]; then echo "$$diff"; exit 1; fi

.PHONY: lint
lint: ## golangci-lint; the first run builds it, which takes minutes
	go run $(GOLANGCI) run ./...

.PHONY: generate
generate: ## write the files that are made from the source
	go test ./internal/config -run TestReference_IsCurrent -count=1 -update

.PHONY: verify
verify: generate ## fail when a generated file is not what the source says
	git diff --exit-code -- docs/configuration.md

.PHONY: e2e
e2e: setup ## the tests that take real time (webhook schedule, expiry)
	go test -tags e2e -count=1 -timeout 60m ./e2e/...

.PHONY: soak
soak: setup ## hours of load: history checker, kill -9 rounds, flat memory
	go test -tags soak -run Soak -count=1 -timeout 6h -v ./internal/... ./e2e/...

.PHONY: bench
bench: ## measure beside the baseline and write docs/performance.md
	@.ci/setup bench
	go run ./bench/run $(BENCHFLAGS)
	go run ./bench/language
	go run ./bench/desk

.PHONY: fuzz
fuzz: ## run every fuzz target for FUZZTIME (60s); T=FuzzMerge runs one
	@grep -rHoE --include='*_test.go' --exclude-dir=node_modules '^func Fuzz[A-Za-z0-9_]*' . | sed 's/:func /:/' | sort | \
	while IFS=: read -r file target; do \
		if [ -n "$(T)" ] && [ "$(T)" != "$$target" ]; then continue; fi; \
		echo "== $$target in $$(dirname $$file)"; \
		go test "$$(dirname $$file)" -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) </dev/null; \
	done

.PHONY: tidy
tidy: ## go mod tidy and gofmt -w
	go mod tidy
	gofmt -w $$(find . -name '*.go' -not -path '*/node_modules/*')
