# Types are asked for by what makes them and not by their names, which are looked for in tables of all types there are: a
# start of `berth` is a tenth faster.
RELEASE := -c release --static-swift-stdlib \
	-Xswiftc -Xfrontend -Xswiftc -disable-concrete-type-metadata-mangled-name-accessors

.PHONY: help demo build test crash-test kill-test bench lint format

help: ## Say what each target is for.
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST)

demo: ## Install, build, serve, and take an image all the way round: the registry stays up.
	deploy/demo.sh

build: ## Build both programs as they are meant to run, into .build/release.
	Tests/install-packages.sh
	swift build $(RELEASE) --product berthd
	swift build $(RELEASE) --product berth
	swift build $(RELEASE) --product berth-monitor

test: ## Install what the tests need and run them all, against real clients and registries.
	Tests/install-packages.sh tests
	Tests/run.sh

crash-test: ## Kill the server in the middle of pushes, hundreds of times: BERTH_CRASH_ROUNDS=300 BERTH_CRASH_SEED=number.
	swift build --build-tests
	BERTH_CRASH_ROUNDS=$${BERTH_CRASH_ROUNDS:-300} swift test --skip-build --no-parallel --filter CrashTests

kill-test: ## Kill pulls, pushes, containers and their monitors, hundreds of times: BERTH_KILL_ROUNDS=300 BERTH_KILL_SEED=number.
	swift build --build-tests
	BERTH_KILL_ROUNDS=$${BERTH_KILL_ROUNDS:-300} swift test --skip-build --no-parallel \
		--filter 'FaultyPullTests/kills|InterruptedPushTests/kills|KilledContainerTests'

bench: ## Measure berthd and berth beside docker-registry, nginx, podman, docker, skopeo, runc and crun: ONLY=put,manifest ROUNDS=5 SIZE=MiB JSON=file QUICK=1.
	Tests/install-packages.sh bench
	swift build $(RELEASE) --product berthd
	swift build $(RELEASE) --product berth
	swift build $(RELEASE) --product berth-monitor
	swift build $(RELEASE) --product berth-bench
	.build/release/berth-bench --berthd .build/release/berthd --berth .build/release/berth $(if $(ONLY),--only $(ONLY)) \
		$(if $(CONTESTANTS),--contestants $(CONTESTANTS)) $(if $(ROUNDS),--rounds $(ROUNDS)) \
		$(if $(SIZE),--size $(SIZE)) $(if $(QUICK),--quick) --json $(or $(JSON),.build/bench.json)

lint: ## Check the code's form; CI does.
	swift format lint --strict --recursive Package.swift Sources Tests

format: ## Bring the code into its form.
	swift format --in-place --recursive Package.swift Sources Tests
