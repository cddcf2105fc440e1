#!/bin/bash
# Builds and runs all tests, in two processes side by side: those of `berth` and its rooms, and those of `berthd` and all
# else. In each they go one after another: containers share the machine's bridge, firewall and control groups, many tests
# start servers and engines of their own, and some watch the clock.
set -euo pipefail
cd "$(dirname "$0")/.."

swift build --build-tests
bundle=$(swift build --show-bin-path)/berthPackageTests.xctest

# The suites of two folders, and two targets.
suites=$(find Tests/IntegrationTests/{Run,Client} -name '*.swift' \
    -exec sed -nE 's/^struct ([A-Za-z0-9]+Tests) .*/\1/p' {} + | paste -sd '|')
client="^((SandboxTests|ImageStoreTests)\.|IntegrationTests\.($suites)[/(])"

run() { "$bundle" --testing-library swift-testing --no-parallel "$@"; }

run --filter "$client" &
first=$!
run --skip "$client" &
second=$!
# Both to their end, whatever the other came to.
status=0
wait "$first" || status=$?
wait "$second" || status=$?
exit "$status"
