#!/bin/bash
# Builds and runs all tests, in two processes side by side: those that run containers share the machine's bridge, firewall
# and control groups, so they go one after another; all others go one after another beside them, for many of them start
# servers and engines of their own, and some watch the clock.
set -euo pipefail
cd "$(dirname "$0")/.."

swift build --build-tests
bundle=$(swift build --show-bin-path)/berthPackageTests.xctest

# The suites of one folder and one target.
suites=$(find Tests/IntegrationTests/Run -name "*.swift" -exec sed -nE "s/^struct ([A-Za-z0-9]+Tests) .*/\1/p" {} + | paste -sd "|")
containers="^(SandboxTests\.|IntegrationTests\.($suites)[/(])"

run() { "$bundle" --testing-library swift-testing --no-parallel "$@"; }

run --filter "$containers" &
first=$!
run --skip "$containers" &
second=$!
# Both to their end, whatever the other came to.
status=0
wait "$first" || status=$?
wait "$second" || status=$?
exit "$status"
