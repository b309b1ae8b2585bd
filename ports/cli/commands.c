/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All commands, options and exit codes with their texts. --help and the manual
 * pages are made of these tables and nothing else.
 */
#include "bundle.h"
#include "cli.h"

#include <string.h>

const cli_exit_row cli_exits[] = {
#define X(name, code, id, run_only, text) { CLI_##name, id, run_only, text },
    CLI_EXIT_MAP(X)
#undef X
    { CLI_OK, NULL, false, NULL }
};

/* clang-format off */
/* The machine: of `run` and `infer`. */
#define BOARD_OPTIONS                                                          \
    { "board", 'b', "NAME", RUN_BOARD,                                         \
      "The board to simulate; \"fwsim boards\" lists them. Required." },       \
    { "flash", 0, "ADDRESS+SIZE", RUN_FLASH,                                   \
      "A flash that the board lacks; SIZE in bytes, with k or M if wanted. "   \
      "Given several times: all of them. On a generic board, in place of the " \
      "flash that the image shows." },                                         \
    { "rom", 0, "ADDRESS+SIZE", RUN_ROM,                                       \
      "The same for memory that only a programmer writes." },                  \
    { "ram", 0, "ADDRESS+SIZE", RUN_RAM,                                       \
      "The same for RAM." },                                                   \
    { "mmio", 0, "ADDRESS+SIZE", RUN_MMIO,                                     \
      "A range where peripherals live, beside those of the board. On a "       \
      "generic board, in place of them." },                                    \
    { "vectors", 0, "ADDRESS", RUN_VECTORS,                                    \
      "Where the core finds its vector table after reset, in place of what "   \
      "the board says or the image shows." },                                  \
    { "base", 0, "ADDRESS", RUN_BASE,                                          \
      "Where a raw binary lies, unless it says so itself with @ADDRESS. "      \
      "Without both: at the start of the board's boot memory." }

/* What inference begins with: of `run` and `infer`. */
#define INFER_OPTIONS                                                          \
    { "models", 0, "FILE", RUN_MODELS,                                         \
      "Register models to begin with: what \"fwsim infer\" has written and a " \
      "person has reviewed. They win over what is inferred." },                \
    { "import-fuzzware", 0, "FILE", RUN_FUZZWARE,                              \
      "Begin with the mmio_models of a configuration of Fuzzware." },          \
    { "svd", 0, "FILE", RUN_SVD,                                               \
      "The vendor's description of the chip: names, reset values and access "  \
      "rights, as hints that what the firmware does overrules." },             \
    BUNDLE_OPTIONS,                                                            \
    { "irq-period", 0, "COUNT", RUN_IRQ_PERIOD,                                \
      "Instructions between the interrupts that inference raises on lines "    \
      "that the firmware has enabled; default 2000." }

static const cli_option run_options[] = {
    BOARD_OPTIONS,
    { "uart", 0, "NAME", RUN_UART,
      "The serial port to use, instead of the board's console." },
    { "interactive", 'i', NULL, RUN_INTERACTIVE,
      "Connect the terminal also when an option gives the run an end." },
    { "input", 0, "FILE", RUN_INPUT,
      "Send the bytes of FILE to the serial port; \"-\" is standard input, "
      "which is read to its end before the run. The bytes arrive at the baud "
      "rate of the firmware, from the start on. STREAM=FILE with the address "
      "of a register feeds one that inference serves, as in \"fwsim "
      "infer\"." },
    { "input-after", 0, "TEXT", RUN_INPUT_AFTER,
      "Begin to send when the firmware has written TEXT, for example a "
      "prompt." },
    { "expect-text", 0, "TEXT", RUN_EXPECT,
      "End with code 0 when the firmware has written TEXT, code 1 when the run "
      "ends without it. Given several times: all of them, in this order." },
    { "fail-text", 0, "TEXT", RUN_FAIL,
      "End with code 5 when the firmware has written TEXT. May be given "
      "several times." },
    { "timeout", 0, "TIME", RUN_TIMEOUT,
      "Virtual time to run at most: a number with ns, us, ms or s." },
    { "limit", 0, "COUNT", RUN_LIMIT,
      "Instructions to execute at most: a number, with k, M or G if wanted." },
    { "json", 0, NULL, RUN_JSON,
      "Write one JSON document to standard output when the run has ended. What "
      "the firmware has written is in it, and not shown." },
    { "fingerprint", 0, NULL, RUN_FINGERPRINT,
      "Print a fingerprint of the whole state at the end. The same command "
      "gives the same one on every host, unless a person types." },
    { "infer", 0, NULL, RUN_INFER,
      "Infer what registers that nobody models answer, from how the firmware "
      "uses them. The next options do the same, each in its way." },
    INFER_OPTIONS,
    { "frozen", 0, NULL, RUN_FROZEN,
      "Infer nothing: a register that neither a model nor the file of "
      "--models knows ends the run with code 9." },
    { "seed", 0, "NUMBER", RUN_SEED,
      "Seed of every random choice of the models; default 0." },
    { "policy", 0, "warn|ignore|fail", RUN_POLICY,
      "What an access to a register that nobody models does: read as 0 and be "
      "reported, the same without a word, or end the run with code 6. Default: "
      "as the board says." },
    { "faults", 0, "stop|deliver", RUN_FAULTS,
      "A fault ends the run with a report (default), or runs the fault handler "
      "of the firmware as on silicon." },
    { "stop-at-reset", 0, NULL, RUN_STOP_AT_RESET,
      "End the run when the firmware resets the chip." },
    { "semihosting", 0, NULL, RUN_SEMIHOSTING,
      "Serve semihosting calls (BKPT 0xAB): console, time, exit code. Its "
      "console is shown beside the serial port; \"--uart semihosting\" makes "
      "it the only one, also for the input." },
    { "args", 0, "TEXT", RUN_ARGS,
      "Command line that semihosting gives to the firmware." },
    { "dir", 0, "FOLDER", RUN_DIR,
      "Folder whose files semihosting may open. Without it: none." },
    { "log", 0, "LEVEL", RUN_LOG,
      "Log lines to show on standard error: error, warn, info or debug. "
      "Default: warnings, with the registers that nobody models as a summary "
      "at the end." },
    { 0 }
};

static const cli_option infer_options[] = {
    BOARD_OPTIONS,
    { "output", 'o', "FILE", RUN_OUTPUT,
      "Write the models to FILE, \"-\" for standard output. Without it: the "
      "summary only." },
    INFER_OPTIONS,
    SERVICE_OPTIONS,
    { "input", 0, "STREAM=FILE", RUN_INPUT,
      "Feed the bytes of FILE to the register at the address STREAM, or the "
      "buffer that it points to; the summary names those that want input. "
      "\"=FILE\" or FILE alone feeds all that have no stream of their own; "
      "the FILE \"-\" is standard input. May be given several times." },
    { "timeout", 0, "TIME", RUN_TIMEOUT,
      "Virtual time to run at most: a number with ns, us, ms or s." },
    { "limit", 0, "COUNT", RUN_LIMIT,
      "Instructions to execute at most: a number, with k, M or G if wanted. "
      "Without both: 50M, or one second of virtual time in which nothing new "
      "was found." },
    { "json", 0, NULL, RUN_JSON,
      "Write one JSON document to standard output at the end." },
    { "fingerprint", 0, NULL, RUN_FINGERPRINT,
      "Print a fingerprint of the whole state at the end." },
    { "seed", 0, "NUMBER", RUN_SEED,
      "Seed of every random choice of the models; default 0." },
    { "faults", 0, "stop|deliver", RUN_FAULTS,
      "A fault ends the run (default), or runs the fault handler of the "
      "firmware as on silicon." },
    { "stop-at-reset", 0, NULL, RUN_STOP_AT_RESET,
      "End the run when the firmware resets the chip." },
    { "semihosting", 0, NULL, RUN_SEMIHOSTING,
      "Serve semihosting calls (BKPT 0xAB): console, time, exit code." },
    { "log", 0, "LEVEL", RUN_LOG,
      "Log lines to show on standard error: error, warn, info or debug; info "
      "tells each decision with its reason. Default: warnings." },
    { 0 }
};

static const cli_option faults_options[] = {
    { "sweep", 0, "PATTERN", RUN_SWEEP,
      "Run all cases of a pattern: the text of a fault with ranges in braces, "
      "as in \"cut:flash:{0..3}#{1..40}\". May be given several times." },
    { "case", 0, "ID", RUN_CASE,
      "Run one case, whose id is the text of its fault, and print its story." },
    { "kinds", 0, NULL, RUN_KINDS, "List the kinds of faults." },
    BOARD_OPTIONS,
    { "uart", 0, "NAME", RUN_UART,
      "The serial port to use, instead of the board's console." },
    { "boot-text", 0, "TEXT", RUN_BOOT_TEXT,
      "Boot until the firmware has written TEXT, once; each case begins there. "
      "Without it: at reset." },
    { "input", 0, "FILE", RUN_INPUT,
      "Send the bytes of FILE to the serial port where a case begins; \"-\" is "
      "standard input." },
    { "ok-text", 0, "TEXT", RUN_OK_TEXT,
      "A case is ok when the firmware has written TEXT." },
    { "detected-text", 0, "TEXT", RUN_DETECTED_TEXT,
      "The firmware has noticed the fault when it has written TEXT." },
    { "wrong-text", 0, "TEXT", RUN_WRONG_TEXT,
      "The result is wrong when the firmware has written TEXT." },
    { "compare", 0, NULL, RUN_COMPARE,
      "It is wrong, too, when the output of a case that is ok differs from "
      "that without a fault." },
    { "timeout", 0, "TIME", RUN_TIMEOUT,
      "Virtual time of a case at most, behind which it hangs: a number with "
      "ns, us, ms or s. Default: ten times what it takes without a fault." },
    { "limit", 0, "COUNT", RUN_LIMIT,
      "The same in instructions, with k, M or G if wanted." },
    { "json", 0, NULL, RUN_JSON,
      "Write one JSON document to standard output: all cases with id and "
      "outcome." },
    { "seed", 0, "NUMBER", RUN_SEED,
      "Seed of every random choice of the models; default 0." },
    { "faults", 0, "stop|deliver", RUN_FAULTS,
      "A fault of the core is a crash (default), or runs the fault handler of "
      "the firmware as on silicon." },
    { "semihosting", 0, NULL, RUN_SEMIHOSTING,
      "Serve semihosting calls (BKPT 0xAB). Without --ok-text, a case is ok "
      "when the firmware ends itself with code 0." },
    { "log", 0, "LEVEL", RUN_LOG,
      "Log lines to show on standard error: error, warn, info or debug." },
    { 0 }
};

static const cli_option fuzz_options[] = {
    { "output", 'o', "FOLDER", RUN_OUTPUT,
      "The folder of the campaign. One that holds a campaign goes on." },
    BOARD_OPTIONS,
    { "stream", 0, "STREAM", RUN_STREAM,
      "Input goes to the register at this address, which nobody models; the "
      "empty word, the default, is for all that want input." },
    { "uart", 0, "NAME", RUN_UART, "Input goes to this serial port instead." },
    { "buffer", 0, "SYMBOL", RUN_BUFFER,
      "Input is written to this variable instead." },
    { "length", 0, "SYMBOL", RUN_LENGTH,
      "With --buffer: a variable that gets the number of bytes." },
    { "function", 0, "SYMBOL", RUN_FUNCTION,
      "Each run calls this function with the address of the input, which is on "
      "the stack or in --buffer, and its size." },
    { "boot-text", 0, "TEXT", RUN_BOOT_TEXT,
      "Boot until the firmware has written TEXT, once; each run begins there. "
      "Without this and the next: when registers want input, or at reset." },
    { "boot-symbol", 0, "SYMBOL", RUN_BOOT_SYMBOL,
      "Boot until this function is reached." },
    { "jobs", 'j', "N", RUN_JOBS,
      "Instances of afl-fuzz: one main, the others secondary. Default 1." },
    { "duration", 0, "TIME", RUN_DURATION,
      "End after so much real time. Default: when the user ends it (Ctrl-C)." },
    { "seeds", 0, "FOLDER", RUN_SEEDS,
      "Inputs to begin with; default: two of a few bytes." },
    { "blocks", 0, "FILE", RUN_BLOCKS,
      "Addresses of basic blocks, in hexadecimal, one a line: the report tells "
      "how many of them are covered." },
    { "assert", 0, "SYMBOL", RUN_ASSERT,
      "A function that means that the firmware has failed, besides abort and "
      "the like. May be given several times." },
    { "end", 0, "SYMBOL", RUN_END,
      "A function that ends a run well. May be given several times." },
    { "hangs", 0, NULL, RUN_HANGS,
      "A run without an end within --timeout or --limit is a finding." },
    { "ram-execution", 0, NULL, RUN_RAM_EXECUTION,
      "Execution from RAM is a finding." },
    { "flash-writes", 0, NULL, RUN_FLASH_WRITES,
      "Each write to flash is a finding, and not only those that fault." },
    { "timeout", 0, "TIME", RUN_TIMEOUT,
      "Virtual time of a run at most; default 10 s." },
    { "limit", 0, "COUNT", RUN_LIMIT,
      "Instructions of a run at most; default 10M, 500k for a stream." },
    INFER_OPTIONS,
    { "seed", 0, "NUMBER", RUN_SEED,
      "Seed of every random choice of the models; default 0." },
    { "semihosting", 0, NULL, RUN_SEMIHOSTING,
      "Serve semihosting calls (BKPT 0xAB)." },
    { 0 }
};

static const cli_example fuzz_examples[] = {
    { "fwsim fuzz -b generic_cortex_m3 -o campaign -j 2 --duration 600s "
      "firmware.elf",
      "No source, no model: peripherals are inferred, and registers that "
      "deliver data get the input." },
    { "fwsim fuzz -b mps2_an385 -o campaign --uart uart0 --boot-text ready "
      "firmware.elf", "A board with models: input comes over a serial port." },
    { "fwsim fuzz -b mps2_an385 -o campaign --function parse --boot-text ready "
      "firmware.elf", "One function." },
    { "fwsim repro campaign/findings/1-fault-parse/input",
      "The story of what was found." },
    { 0 }
};

static const cli_option repro_options[] = { { 0 } };

static const cli_example repro_examples[] = {
    { "fwsim repro campaign/findings/1-fault-parse/input", "" },
    { 0 }
};

static const cli_example faults_examples[] = {
    { "fwsim faults -b bbc_microbit --sweep 'cut:flash:{0..3}#{1..100}' "
      "--ok-text 'update done' bootloader.elf",
      "Does a boot loader survive the power going at any write to flash, with "
      "words half programmed?" },
    { "fwsim faults -b bbc_microbit --sweep 'skip@{2000..4000}' "
      "--ok-text locked --wrong-text open --boot-text '> ' fw.elf",
      "Is there an instruction whose loss opens the lock?" },
    { "fwsim faults -b bbc_microbit --case 'skip@2345' --ok-text locked "
      "--wrong-text open --boot-text '> ' fw.elf",
      "The story of one of these." },
    { 0 }
};

static const cli_example infer_examples[] = {
    { "fwsim infer -b generic_cortex_m4 -o models.yaml firmware.elf",
      "What do the registers of this chip do? Review the file, then:" },
    { "fwsim run -b generic_cortex_m4 --models models.yaml --frozen "
      "--limit 50M firmware.elf",
      "The same run from the file alone: nothing is guessed any more." },
    { "fwsim infer -b generic_cortex_m3 --svd STM32F103.svd "
      "--input 0x40013804=commands.txt -o models.yaml firmware.elf",
      "With the vendor's names, and input for a receiver." },
    { 0 }
};

static const cli_example run_examples[] = {
    { "fwsim run --board bbc_microbit firmware.hex",
      "Talk to the firmware. Ctrl-] ends the session." },
    { "fwsim run -b bbc_microbit --timeout 10s --expect-text 'PASS' "
      "--fail-text 'FAIL' test.elf",
      "A test in CI: code 0 for PASS, 5 for FAIL, 4 for a crash, 1 for "
      "neither within ten seconds of virtual time." },
    { "printf 'print(6*7)\\r' | fwsim run -b bbc_microbit --input - "
      "--input-after '>>> ' --expect-text 42 --timeout 5s firmware.hex",
      "Type a line when the prompt has appeared." },
    { "fwsim run -b bbc_microbit bootloader.hex app.bin@0x18000",
      "A boot loader and an application in one machine." },
    { "fwsim run -b generic_cortex_m4 --ram 0x1fff0000+256k firmware.elf",
      "Firmware of a chip that has no board: flash and vector table are where "
      "the image has them, RAM is where the user says." },
    { "fwsim run -b bbc_microbit --limit 10M --json fw.elf | jq .stop.reason",
      "The result for a program." },
    { 0 }
};

static const cli_option test_options[] = {
    { "jobs", 'j', "COUNT", TEST_JOBS,
      "Files to run at the same time; default: the number of processors." },
    { "filter", 'f', "GLOB", TEST_FILTER,
      "Run only tests whose name, or GROUP/NAME, matches (*, ?, [...]). Given "
      "several times: that match any." },
    { "list", 0, NULL, TEST_LIST,
      "Print the names of the tests and run none." },
    { "repeat", 0, "COUNT", TEST_REPEAT, "Run everything COUNT times." },
    { "shuffle", 0, "[=SEED]", TEST_SHUFFLE,
      "Run files, and the tests of each scenario, in another order. The seed "
      "is printed; the same one gives the same order." },
    { "timeout", 0, "TIME", TEST_TIMEOUT,
      "Of a scenario: the virtual time that each test may take unless it, or "
      "its file, says another; default 10s. Of a test program: the real time "
      "that each test may take; default 60s." },
    { "fail-fast", 'x', NULL, TEST_FAIL_FAST,
      "End with the first test that fails." },
    { "junit", 0, "FILE", TEST_JUNIT, "Write the results as JUnit XML." },
    { "jsonl", 0, "FILE", TEST_JSONL,
      "Write the results as JSON, an object a line." },
    { "tap", 0, NULL, TEST_TAP,
      "Write the results as TAP 14 to standard output, in place of the lines "
      "for people." },
    { "quiet", 'q', NULL, TEST_QUIET,
      "Show failures and the summary only." },
    { "schema", 0, NULL, TEST_SCHEMA,
      "Print the JSON schema of scenario files, for editors." },
    { 0 }
};

static const cli_example test_examples[] = {
    { "fwsim test tests/*.yaml build/test_*", "" },
    { "fwsim test --filter 'echo*' --repeat 20 --shuffle uart.yaml",
      "Looks for tests that depend on their order." },
    { 0 }
};

static const cli_option list_options[] = {
    { "json", 0, NULL, LIST_JSON, "Write a JSON document." },
    { 0 }
};

static const cli_option doctor_options[] = {
    { "base", 0, "ADDRESS", DOCTOR_BASE, "Where a raw binary lies." },
    { "json", 0, NULL, DOCTOR_JSON, "Write a JSON document." },
    { 0 }
};

static const cli_option help_options[] = {
    { "man", 0, NULL, HELP_MAN, "Write the manual page, for man(1)." },
    { "man-dir", 0, "FOLDER", HELP_MAN_DIR,
      "Write all manual pages into FOLDER, for packagers." },
    { 0 }
};

const cli_command cli_commands[] = {
    { .name = "run",
      .synopsis = "--board NAME [OPTION]... IMAGE[@ADDRESS]...",
      .summary = "run firmware on a simulated board",
      .text =
          "Runs the unmodified firmware of a microcontroller. Images are ELF, "
          "Intel HEX, S-record, UF2 or raw binary files; several are loaded "
          "in order, for example a boot loader and an application. @ADDRESS "
          "says where a raw binary lies.\n\n"
          "A board whose name begins with \"generic\" is of no certain chip: "
          "its memories are those that the first image shows, or that --flash, "
          "--rom and --ram give, and it has no models.\n\n"
          "The console of the board is connected to the terminal when "
          "standard input is one and no option says what ends the run or what "
          "is sent (--input, --expect-text, --fail-text, --timeout, --limit, "
          "--json). Virtual time then passes no faster than real time. Ctrl-] "
          "ends the session; every other key goes to the firmware.\n\n"
          "Otherwise the run is as fast as the host allows, and its result "
          "does not depend on the host: what the firmware writes goes to "
          "standard output, everything else to standard error.\n\n"
          "A crash prints the registers, the decoded fault status and a "
          "backtrace. So does an interrupt (Ctrl-C) of a run without "
          "terminal, which shows where firmware hangs.\n\n"
          "The document of --json has the members outcome, exit_code and "
          "message; board, images and seed; expected and failed, the texts "
          "waited for and whether they were seen; time_ns and instructions; "
          "stop, with reason, text, pc and the exit code of the firmware; "
          "fault, registers, backtrace, unmodelled; consoles, with what the "
          "firmware has written; and fingerprint on demand. Addresses and "
          "registers are strings in hexadecimal. When the run could not begin, "
          "all after failed is left out. Members may be added; none goes away "
          "within a major version.",
      .options = run_options,
      .examples = run_examples,
      .main = run_main },
    { .name = "infer",
      .synopsis = "--board NAME [-o FILE] [OPTION]... IMAGE[@ADDRESS]...",
      .summary = "find out what registers do that nobody models",
      .text =
          "Runs firmware on a chip whose peripherals have no models. Each "
          "answer to a read is inferred from how the firmware uses the "
          "register: what it waits for, what it tests, what it writes. "
          "Interrupts that the firmware enables are raised, transfers into RAM "
          "are served. What was found is written as a file of register models "
          "(models.yaml) with a reason for each, for a person to review and "
          "for \"fwsim run --models\" to use.\n\n"
          "Progress is shown when standard error is a terminal. The end is a "
          "summary on standard error: registers by role, interrupts, "
          "registers that want input, transfers, what is uncertain, and where "
          "the run ended and why. The file is written also when the firmware "
          "crashes: that is often the moment to feed input, or to correct a "
          "register.\n\n"
          "Runs are deterministic: the same command writes the same file. "
          "What the firmware writes to a serial port is not shown.\n\n"
          "The document of --json is that of \"fwsim run\"; its member "
          "inference has what the summary has, for all registers.",
      .options = infer_options,
      .examples = infer_examples,
      .main = infer_main },
    { .name = "test",
      .synopsis = "[OPTION]... FILE...",
      .summary = "run tests: scenario files and test programs",
      .text =
          "Runs tests in parallel and says at the end how many passed. A FILE "
          "whose name ends with .yaml or .yml is a scenario (docs/scenario.md): "
          "a board, its firmware, and tests as lists of steps. Every other "
          "one is a test program, which is run; its TAP output, as programs "
          "with cmocka give it when asked, or else its exit code is the "
          "result (77: skipped).\n\n"
          "Each file has a process of its own: a crash or a hang ends that "
          "file's test and no other one. A failure is shown with its place in "
          "the scenario, what was expected, what came instead, and where the "
          "firmware was.\n\n"
          "Times in scenarios are virtual, and their results are the same on "
          "every host and with every number of jobs.",
      .options = test_options,
      .examples = test_examples,
      .main = test_main },
    { .name = "bundle keygen",
      .synopsis = "NAME",
      .summary = "make a key for signing bundles",
      .text = "Makes a key on P-256: the private half in NAME.key, which only "
              "you can read, and the public half in NAME.pem, for the trust "
              "stores of others. No file is overwritten.",
      .options = bundle_keygen_options,
      .main = bundle_keygen_main },
    { .name = "bundle build",
      .synopsis = "[OPTION]... --part KIND=FILE...",
      .summary = "pack models into a signed bundle",
      .text = "Packs register models, names, memories of a chip or weights of "
              "the prior into one file, and signs it. What is packed is "
              "checked first.",
      .options = bundle_build_options,
      .examples = (const cli_example[]) {
          { "fwsim bundle build -o stm32f103.fwb -k acme.key --name stm32f103 "
            "--version 1 --licence CC0-1.0 --provenance \"ACME, board 7\" "
            "--part models=models.yaml", "" },
          { 0 } },
      .main = bundle_build_main },
    { .name = "bundle sign",
      .synopsis = "[OPTION]... FILE",
      .summary = "add a signature to a signed document",
      .text = "Adds a signature to a bundle, to the index of a repository or "
              "to a root document. Those that are there stay.",
      .options = bundle_sign_options,
      .main = bundle_sign_main },
    { .name = "bundle verify",
      .synopsis = "[OPTION]... FILE...",
      .summary = "check who signed bundles, and when they end",
      .text = "Checks signatures, expiry and versions of bundles, and that "
              "what is in them can be used.",
      .options = bundle_verify_options,
      .main = bundle_verify_main },
    { .name = "bundle show",
      .synopsis = "[OPTION]... FILE",
      .summary = "print what is in a bundle",
      .text = "Verifies a bundle, and prints what is in it. Nothing of a "
              "bundle that is not believed is shown.",
      .options = bundle_show_options,
      .main = bundle_show_main },
    { .name = "bundle diff",
      .synopsis = "[OPTION]... FILE FILE",
      .summary = "compare two bundles",
      .text = "Verifies two bundles, and prints how the second differs from "
              "the first, as diff -u does.",
      .options = bundle_diff_options,
      .main = bundle_diff_main },
    { .name = "models add",
      .synopsis = "[OPTION]... URL NAME",
      .summary = "use a bundle of a repository in this project",
      .text = "Fetches the newest version of a bundle, and writes its name, "
              "version and hash into fwsim.lock. From then on everybody who "
              "has that file gets the same bytes.",
      .options = models_add_options,
      .examples = (const cli_example[]) {
          { "fwsim models add https://models.example.org/ stm32f103", "" },
          { 0 } },
      .main = models_add_main },
    { .name = "models sync",
      .synopsis = "[OPTION]...",
      .summary = "fetch the bundles of the lock file",
      .text = "Makes sure that all bundles of fwsim.lock are in the cache, to "
              "the byte. With --update: takes the newest versions.",
      .options = models_sync_options,
      .main = models_sync_main },
    { .name = "models list",
      .synopsis = "[OPTION]...",
      .summary = "list the bundles of the lock file",
      .text = "Lists the bundles of fwsim.lock, and whether the cache has "
              "them.",
      .options = models_list_options,
      .main = models_list_main },
    { .name = "models remove",
      .synopsis = "[OPTION]... NAME",
      .summary = "remove a bundle from the lock file",
      .text = "Removes a bundle from fwsim.lock. The cache keeps it.",
      .options = models_remove_options,
      .main = models_remove_main },
    { .name = "repo init",
      .synopsis = "[OPTION]... DIR",
      .summary = "make an empty repository of bundles",
      .text = "Makes a folder with a signed, empty index. Any HTTPS server can "
              "serve it.",
      .options = repo_init_options,
      .main = repo_init_main },
    { .name = "repo publish",
      .synopsis = "[OPTION]... DIR [BUNDLE]...",
      .summary = "add bundles to a repository",
      .text = "Adds bundles to a repository, and signs the next version of its "
              "index. Without bundles: the index anew, before it expires.",
      .options = repo_publish_options,
      .main = repo_publish_main },
    { .name = "repo root",
      .synopsis = "[OPTION]...",
      .summary = "say which keys count",
      .text = "Writes a root document: which keys may sign what, how many of "
              "them must, and which are revoked. The first one goes into the "
              "trust stores of users as root.fwb; the next ones are published, "
              "and are signed by the root keys of the one before as well "
              "(\"fwsim bundle sign\").",
      .options = repo_root_options,
      .main = repo_root_main },
    { .name = "fuzz",
      .synopsis = "--board NAME -o FOLDER [OPTION]... IMAGE[@ADDRESS]...",
      .summary = "find inputs that crash the firmware",
      .text =
          "Boots the firmware once, and from there runs it with one input after "
          "the other, which AFL++ makes (the program afl-fuzz; on Debian the "
          "package afl++). Edges of the firmware and the progress of its "
          "comparisons lead the way.\n\n"
          "A fault, a lockup, a stack overflow, a write to protected flash, a "
          "breakpoint and a call of abort or the like are findings. Each is "
          "minimised, and shown once for each backtrace. FOLDER gets a folder "
          "for each in findings/, report.md, report.json, findings.sarif "
          "(SARIF 2.1.0), blocks.txt with the basic blocks that were covered, "
          "and in afl/ what afl-fuzz keeps.\n\n"
          "The code is 4 when there is a finding.",
      .options = fuzz_options,
      .examples = fuzz_examples,
      .main = fuzz_main },
    { .name = "repro",
      .synopsis = "INPUT",
      .summary = "the story of an input that \"fwsim fuzz\" has found",
      .text =
          "Runs one input as the campaign did whose folder it lies in, and "
          "prints verdict, registers, backtrace with file and line, and the "
          "last events. The code is 4 for a finding, 0 otherwise.",
      .options = repro_options,
      .examples = repro_examples,
      .main = repro_main },
    { .name = "faults",
      .synopsis = "--board NAME --sweep PATTERN|--case ID --ok-text TEXT "
                  "[OPTION]... IMAGE[@ADDRESS]...",
      .summary = "what the firmware makes of faults of its hardware",
      .text =
          "Injects faults, one in each case, and tells what became of it: bits "
          "that flip or stick, bus errors, I2C without acknowledge, interrupts "
          "that are lost, late or from nowhere, bytes that are lost or "
          "changed, instructions without effect, clocks that drift, and power "
          "that goes at any instruction or while flash is written.\n\n"
          "The firmware boots once; each case begins there, runs to one of the "
          "texts or to the limit, and is ok, detected, wrong, a hang or a "
          "crash. Without a fault it must be ok.\n\n"
          "The text of a fault is KIND:ARGUMENTS@MOMENT#COUNT, and is the id "
          "of its case. MOMENT is the number of an instruction (@12345), a "
          "virtual time (@1.5ms), both from the start of the machine, or an "
          "address (@main, @main+4, @pc:0x1234; the third time: @main*3). "
          "COUNT is for kinds that hit the n-th of something: #3 the third, "
          "#3x2 two from there, #3+ all from there, #* all.\n\n"
          "In the pattern of a sweep {FROM..TO} or {FROM..TO/STEP} is each of "
          "these numbers, symbols or times, and {A,B} each of these words. The "
          "matrix has a row for each site and a column for each moment or "
          "count.\n\n"
          "Cases are deterministic: the same command gives the same matrix on "
          "every host, and --case with an id from it the same case.",
      .options = faults_options,
      .examples = faults_examples,
      .main = faults_main },
    { .name = "doctor",
      .synopsis = "[--base ADDRESS] [--json] IMAGE",
      .summary = "explain an image, and what is wrong with it",
      .text = "Reads a firmware image and says what it is: format, memory map, "
              "vector table, core, boards it fits on. Names every fault found "
              "and what to do about it.",
      .options = doctor_options,
      .examples = (const cli_example[]) {
          { "fwsim doctor firmware.elf", "" },
          { 0 } },
      .main = doctor_main },
    { .name = "boards",
      .synopsis = "[--json] [NAME]",
      .summary = "list boards, or describe one",
      .text = "Without a name: the boards that can be simulated. With one: its "
              "chip, memories, peripherals with address and interrupts, and "
              "pins.",
      .options = list_options,
      .main = boards_main },
    { .name = "cpus",
      .synopsis = "[--json]",
      .summary = "list cores, and what is left out of each",
      .text = "Lists the processor cores that can be simulated, with the "
              "known gaps of each.",
      .options = list_options,
      .main = cpus_main },
    { .name = "peripherals",
      .synopsis = "[--json] [NAME]",
      .summary = "list peripheral models, or describe one",
      .text = "Without a name: the peripherals that have a model. With one: "
              "its registers, the quantities it senses and shows, the manual "
              "it follows, and what is not modelled.",
      .options = list_options,
      .main = peripherals_main },
    { .name = "help",
      .synopsis = "[--man] [COMMAND]",
      .summary = "explain a command",
      .text = "Prints what --help of the command prints, or its manual page.",
      .options = help_options,
      .main = help_main },
    { 0 }
};

static const cli_option program_options[] = {
    { "version", 'V', NULL, PROGRAM_VERSION, "Print the version." },
    { 0 }
};

const cli_command cli_program = {
    .name = "fwsim",
    .synopsis = "COMMAND [OPTION]...",
    .summary = "run unmodified microcontroller firmware",
    .text = "Runs the firmware image of a microcontroller, as it is, on a "
            "simulated board: to try it, to test it in CI, to see why it "
            "crashes. Every run is deterministic; times are virtual.",
    .options = program_options,
    .examples = run_examples,
};

/* clang-format on */

const cli_command *cli_command_find(const char *name)
{
    for (const cli_command *c = cli_commands; c->name; c++) {
        if (!strcmp(c->name, name))
            return c;
    }
    return NULL;
}

bool cli_may_exit(const cli_command *cmd, const cli_exit_row *row)
{
    if (cmd->main == infer_main && row->run_only)
        return row->code == CLI_CRASH || row->code == CLI_FIRMWARE;
    if (cmd->main == fuzz_main || cmd->main == repro_main)
        return !row->run_only || row->code == CLI_CRASH ||
               row->code == CLI_NOT_SEEN;
    if (cmd->main == faults_main)
        return !row->run_only || row->code == CLI_NOT_SEEN ||
               row->code == CLI_CRASH || row->code == CLI_FAULTY;
    if (row->code == CLI_FAULTY)
        return cmd == &cli_program;
    if (cmd->main == test_main && row->code == CLI_NOT_SEEN)
        return true;
    return !row->run_only || cmd == &cli_program || cmd->main == run_main;
}
