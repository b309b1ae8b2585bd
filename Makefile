# SPDX-License-Identifier: GPL-2.0-or-later
#
# For people with nothing but git and make: `make demo` and `make test` install
# what is missing on Debian 12 and 13, build, and run. The build itself is
# CMake's: see CMakePresets.json.

PRESETS = default asan fuzz

help:
	@echo 'make demo         build the demonstration and run it'
	@echo 'make test         build and run all tests (PRESETS="$(PRESETS)")'
	@echo 'make bench        measure fwsim beside QEMU, write docs/performance.md'
	@echo 'make bench-tests     tests a second, write docs/performance-tests.md'
	@echo 'make bench-fuzz  measure fuzzing (SECONDS=10 an image), write docs/performance-fuzz.md'
	@echo 'make bench-cloud  bundles and the service, write docs/performance-cloud.md'
	@echo 'make score        run the corpus beside the source, write docs/inference-results.md'
	@echo 'make identify     are the right peripherals named? writes docs/identification.md'
	@echo 'make package      make the .deb set, tarball and SBOM in build/package'
	@echo 'make test-package build the packages twice, try them in a chroot'
	@echo 'make abi          compare the library with the last release'
	@echo 'make setup        install what is missing, and no more'
	@echo 'make format       lay out the C sources with clang-format'
	@echo 'make clean        remove what was built; build/deps stays'

demo:
	@sh cmake/setup.sh demo
	@sh examples/demo.sh

demo-cloud:
	@sh cmake/setup.sh test
	@sh examples/demo_cloud.sh

test:
	@sh cmake/setup.sh test
	@sh cmake/test.sh $(PRESETS)

bench:
	@sh cmake/setup.sh bench
	@sh cmake/build.sh bench
	@build/bench/tests/bench/fwsim_bench -o docs/performance.md

bench-tests:
	@sh cmake/setup.sh bench
	@sh cmake/build.sh bench fwsim_bench_tests
	@build/bench/tests/bench/fwsim_bench_tests docs/performance-tests.md

bench-fuzz:
	@sh cmake/setup.sh bench
	@sh cmake/setup.sh test
	@sh cmake/build.sh default fwsim_cli fwsim_shared fwsim_libfuzzer fwsim_score \
	    example_fuzz_parser example_fuzz_parser_libfuzzer
	@sh tests/fuzzbench/bench.sh build/default $(or $(SECONDS),10) \
	    docs/performance-fuzz.md

bench-cloud:
	@sh cmake/setup.sh test
	@sh cmake/build.sh default fwsim_bench_cloud fwsim_modeld
	@build/default/tests/knowledge/fwsim_bench_cloud \
	    build/default/ports/modeld/fwsim-modeld docs/performance-cloud.md || [ $$? -eq 77 ]

score:
	@sh cmake/setup.sh test
	@sh cmake/build.sh default fwsim_score
	@build/default/tests/score/fwsim_score --sweep --input diverse=Password \
	    --markdown docs/inference-results.md

identify:
	@sh cmake/setup.sh test
	@sh cmake/build.sh default fwsim_identify
	@build/default/tests/knowledge/fwsim_identify \
	    --markdown docs/identification.md || [ $$? -eq 77 ]

package:
	@sh cmake/setup.sh package
	@sh cmake/package.sh

test-package: package
	@sh cmake/test-package.sh || [ $$? -eq 77 ]

abi:
	@sh cmake/setup.sh package
	@sh cmake/build.sh default fwsim_shared
	@sh cmake/abi.sh build/default/libfwsim.so include

setup:
	@sh cmake/setup.sh test

format:
	@find sdk include peripherals boards ports examples tests \
	    \( -name '*.c' -o -name '*.h' \) -print | xargs clang-format -i

clean:
	@find build -mindepth 1 -maxdepth 1 ! -name deps -exec rm -rf {} + 2>/dev/null || true

.PHONY: help demo demo-cloud test bench bench-fuzz bench-tests bench-cloud score identify package test-package abi setup format clean
