#!/bin/bash
# Builds and runs all tests, in three processes side by side: those of containers; those of what moves images between
# registries, caches and hosts; and all others. In each they go one after another: containers share the machine's bridge,
# firewall and control groups, many tests start servers and engines of their own, and some watch the clock.
set -euo pipefail
cd "$(dirname "$0")/.."

swift build --build-tests
bundle=$(swift build --show-bin-path)/berthPackageTests.xctest

# The suites of the integration tests' folders that are named.
suites() {
    (cd Tests/IntegrationTests && find "$@" -name '*.swift' -exec sed -nE 's/^struct ([A-Za-z0-9]+Tests) .*/\1/p' {} +) |
        paste -sd '|'
}

containers="^(SandboxTests\.|IntegrationTests\.($(suites Run))[/(])"
transfers="^(ImageStoreTests\.|IntegrationTests\.($(suites Client Mirror Cache))[/(])"

run() { "$bundle" --testing-library swift-testing --no-parallel "$@"; }

run --filter "$containers" &
processes=("$!")
run --filter "$transfers" &
processes+=("$!")
run --skip "$containers" --skip "$transfers" &
processes+=("$!")
# All to their end, whatever the others came to.
status=0
for process in "${processes[@]}"; do wait "$process" || status=$?; done
exit "$status"
