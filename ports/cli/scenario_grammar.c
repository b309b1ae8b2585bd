/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Scenario files: all keys and verbs with their types, fallbacks and texts. The
 * reader, the schema and the messages are made of these tables.
 */
#include "scenario_run.h"

/* clang-format off */
const char *const scenario_policies[] = { "warn", "ignore", "fail", NULL };
const char *const scenario_faults[] = { "stop", "deliver", NULL };
const char *const scenario_resets[] = { "power-on", "pin", "system", "watchdog",
                                        NULL };
const char *const scenario_levels[] = { "low", "high", NULL };
const char *const scenario_drives[] = { "float", "low", "high", "pull-down",
                                        "pull-up", NULL };
/* Reasons to stop, in the order of FWSIM_STOP_MAP behind LIMIT. */
const char *const scenario_stops[] = {
    "idle", "exit", "fault", "lockup", "unmodelled", "breakpoint", "request",
    "reset", "unsupported", NULL
};

/* ------------------------------------------------------------------ */
/* Verbs                                                                */
/* ------------------------------------------------------------------ */

#define UART                                                                   \
    { "uart", SCENARIO_NAME,                                                   \
      .text = "The serial port; default: the console of the board." }

static const scenario_key run_keys[] = {
    { "for", SCENARIO_TIME, SCENARIO_SOME, .main = true,
      .text = "Virtual time to run; with until or stop: at most." },
    { "instructions", SCENARIO_COUNT, SCENARIO_SOME,
      .text = "Instructions to execute; with until or stop: at most." },
    { "until", SCENARIO_ADDRESS, SCENARIO_SOME,
      .text = "Run until the core is about to execute this instruction." },
    { "stop", SCENARIO_WORD, SCENARIO_SOME, .words = scenario_stops,
      .text = "Run until the firmware stops for this reason; any other one "
              "fails the test." },
    { "exit-code", SCENARIO_NUMBER,
      .text = "With \"stop: exit\": the code that the firmware has to give." },
    { 0 }
};

static const scenario_key send_keys[] = {
    { "text", SCENARIO_TEXT, SCENARIO_ONE, .main = true,
      .text = "What to send." },
    { "bytes", SCENARIO_BYTES, SCENARIO_ONE, .text = "What to send." },
    { "file", SCENARIO_FILE, SCENARIO_ONE, .text = "A file to send." },
    UART,
    { 0 }
};

static const scenario_key expect_keys[] = {
    { "text", SCENARIO_TEXT, SCENARIO_ONE, .main = true,
      .text = "Text that has to come, anywhere in the output that no step has "
              "consumed." },
    { "line", SCENARIO_TEXT, SCENARIO_ONE,
      .text = "A whole line, without its end." },
    { "regex", SCENARIO_NAME, SCENARIO_ONE,
      .text = "A line that matches this POSIX extended regular expression." },
    { "prompt", SCENARIO_NAME, SCENARIO_ONE,
      .text = "Output has to end with this, and the firmware to be silent." },
    { "bytes", SCENARIO_BYTES, SCENARIO_ONE,
      .text = "Exactly these bytes, and nothing before them." },
    { "within", SCENARIO_TIME, .fallback = "1 s",
      .text = "Virtual time to wait at most." },
    UART,
    { 0 }
};

static const scenario_key expect_silence_keys[] = {
    { "for", SCENARIO_TIME, SCENARIO_REQUIRED, .main = true,
      .text = "Virtual time without a byte." },
    UART,
    { 0 }
};

#define PIN                                                                    \
    { "pin", SCENARIO_NAME, SCENARIO_REQUIRED, .text = "Name of the pin." }
#define WINDOW                                                                 \
    { "for", SCENARIO_TIME, SCENARIO_REQUIRED,                                 \
      .text = "Virtual time to look at it." }
#define HOW_OFTEN(what)                                                        \
    { "count", SCENARIO_NUMBER, SCENARIO_SOME, .text = what "." },             \
    { "min", SCENARIO_NUMBER, SCENARIO_SOME, .text = "At least so many." },    \
    { "max", SCENARIO_NUMBER, SCENARIO_SOME, .text = "At most so many." }

static const scenario_key set_pin_keys[] = {
    PIN,
    { "level", SCENARIO_WORD, SCENARIO_REQUIRED, .words = scenario_drives,
      .text = "What drives it from outside." },
    { 0 }
};

static const scenario_key expect_pin_keys[] = {
    PIN,
    { "level", SCENARIO_WORD, SCENARIO_REQUIRED, .words = scenario_levels,
      .text = "Level that it has to have." },
    { "within", SCENARIO_TIME,
      .text = "Virtual time to wait for it at most; default: not at all." },
    { "held", SCENARIO_TIME,
      .text = "Virtual time that it has to keep the level from then on." },
    { 0 }
};

static const scenario_key expect_edges_keys[] = {
    PIN, HOW_OFTEN("Changes of level, both directions counted"), WINDOW, { 0 }
};

static const scenario_key expect_duty_keys[] = {
    PIN,
    { "duty", SCENARIO_FRACTION, SCENARIO_REQUIRED,
      .text = "Part of the time at high level, 0 to 1." },
    { "tolerance", SCENARIO_FRACTION, .fallback = "0.02",
      .text = "0.02 accepts 0.48 to 0.52 for 0.5." },
    WINDOW, { 0 }
};

static const scenario_key expect_rate_keys[] = {
    PIN,
    { "hz", SCENARIO_FRACTION, SCENARIO_REQUIRED, .text = "Cycles a second." },
    { "tolerance", SCENARIO_FRACTION, .fallback = "0.05",
      .text = "Relative: 0.05 accepts 1.9 to 2.1 for 2." },
    WINDOW, { 0 }
};

static const scenario_key expect_interrupt_keys[] = {
    { "line", SCENARIO_NUMBER, SCENARIO_ONE,
      .text = "Line of the interrupt controller." },
    { "exception", SCENARIO_NUMBER, SCENARIO_ONE,
      .text = "Number of the exception: 15 is SysTick." },
    HOW_OFTEN("How often it is taken"), WINDOW, { 0 }
};

static const scenario_key set_input_keys[] = {
    { "peripheral", SCENARIO_NAME, SCENARIO_REQUIRED,
      .text = "Name of the slot, as \"fwsim boards NAME\" shows it." },
    { "input", SCENARIO_NAME, SCENARIO_REQUIRED,
      .text = "Quantity, as \"fwsim peripherals NAME\" shows it." },
    { "value", SCENARIO_INTEGER, SCENARIO_REQUIRED,
      .text = "In the unit that is shown there." },
    { 0 }
};

static const scenario_key expect_output_keys[] = {
    { "peripheral", SCENARIO_NAME, SCENARIO_REQUIRED,
      .text = "Name of the slot, as \"fwsim boards NAME\" shows it." },
    { "output", SCENARIO_NAME, SCENARIO_REQUIRED,
      .text = "Quantity, as \"fwsim peripherals NAME\" shows it." },
    { "value", SCENARIO_INTEGER, SCENARIO_SOME, .text = "What it has to be." },
    { "min", SCENARIO_INTEGER, SCENARIO_SOME, .text = "At least." },
    { "max", SCENARIO_INTEGER, SCENARIO_SOME, .text = "At most." },
    { 0 }
};

#define CONTENT(what)                                                          \
    { "u8", SCENARIO_ADDRESS, SCENARIO_ONE, .text = what " as one byte." },    \
    { "u16", SCENARIO_ADDRESS, SCENARIO_ONE,                                   \
      .text = what " as two bytes, little-endian." },                          \
    { "u32", SCENARIO_ADDRESS, SCENARIO_ONE,                                   \
      .text = what " as four bytes, little-endian." },                         \
    { "u64", SCENARIO_ADDRESS, SCENARIO_ONE,                                   \
      .text = what " as eight bytes, little-endian." },                        \
    { "text", SCENARIO_TEXT, SCENARIO_ONE,                                     \
      .text = what " as text, without a zero byte behind it." },               \
    { "bytes", SCENARIO_BYTES, SCENARIO_ONE, .text = what "." },               \
    { "file", SCENARIO_FILE, SCENARIO_ONE, .text = what " as a file." }

#define AT                                                                     \
    { "at", SCENARIO_ADDRESS, SCENARIO_REQUIRED,                               \
      .text = "Address, or a symbol of the firmware." }

static const scenario_key expect_memory_keys[] = {
    AT, CONTENT("What has to be there"), { 0 }
};
static const scenario_key set_memory_keys[] = {
    AT, CONTENT("What to write"), { 0 }
};

#define VARIABLE                                                               \
    { "name", SCENARIO_NAME, SCENARIO_REQUIRED,                                \
      .text = "Path of the variable: g_state.count, queue[2].length, "         \
              "uart.c:ready." }

static const scenario_key expect_variable_keys[] = {
    VARIABLE,
    { "value", SCENARIO_VARIANT, SCENARIO_SOME,
      .text = "What it has to be: a number, true, false, the name of an "
              "enumerator, or the text of a struct or array as C would "
              "initialise it." },
    { "min", SCENARIO_INTEGER, SCENARIO_SOME, .text = "At least." },
    { "max", SCENARIO_INTEGER, SCENARIO_SOME, .text = "At most." },
    { "within", SCENARIO_TIME,
      .text = "Virtual time to wait for it at most; default: not at all." },
    { 0 }
};
static const scenario_key set_variable_keys[] = {
    VARIABLE,
    { "value", SCENARIO_VARIANT, SCENARIO_REQUIRED,
      .text = "A number, true, false, or the name of an enumerator." },
    { 0 }
};

static const scenario_key expect_register_keys[] = {
    { "register", SCENARIO_NAME, SCENARIO_REQUIRED,
      .text = "Register of the core: r0, sp, pc, xpsr, s0, x0, ..." },
    { "value", SCENARIO_ADDRESS, SCENARIO_REQUIRED,
      .text = "What it has to be." },
    { "mask", SCENARIO_NUMBER, .text = "Bits that count; default: all." },
    { 0 }
};
static const scenario_key set_register_keys[] = {
    { "register", SCENARIO_NAME, SCENARIO_REQUIRED,
      .text = "Register of the core: r0, sp, pc, xpsr, s0, x0, ..." },
    { "value", SCENARIO_ADDRESS, SCENARIO_REQUIRED, .text = "What to write." },
    { 0 }
};

#define FUNCTION                                                               \
    { "function", SCENARIO_NAME, SCENARIO_REQUIRED, .main = true,              \
      .text = "Name of the function, static or not; \"file.c:name\" when "    \
              "there are several." }

static const scenario_key call_keys[] = {
    FUNCTION,
    { "args", SCENARIO_ARGS,
      .text = "Arguments, in order: numbers of 32 bits, symbols, and maps for "
              "what is wider or a buffer." },
    { "returns", SCENARIO_VARIANT,
      .text = "What it has to return; default: anything. A number, true or "
              "false." },
    { "out", SCENARIO_BYTES,
      .text = "What its last buffer has to hold in the end." },
    { "within", SCENARIO_TIME, .fallback = "1 s",
      .text = "Virtual time that it may take." },
    { 0 }
};
static const scenario_key replace_keys[] = {
    FUNCTION,
    { "returns", SCENARIO_INTEGER, .fallback = "0",
      .text = "What it returns in place of its own result." },
    { "first", SCENARIO_NUMBER, .fallback = "1",
      .text = "The first call that is replaced." },
    { "count", SCENARIO_NUMBER,
      .text = "How many calls are replaced; default: all from the first." },
    { 0 }
};
static const scenario_key watch_keys[] = { FUNCTION, { 0 } };
static const scenario_key expect_calls_keys[] = {
    FUNCTION, HOW_OFTEN("How often it has been called since it was watched or "
                        "replaced"), { 0 }
};

static const scenario_key reset_keys[] = {
    { "kind", SCENARIO_WORD, .main = true, .fallback = "pin",
      .words = scenario_resets, .text = "How." },
    { 0 }
};

static const scenario_key snapshot_keys[] = {
    { "name", SCENARIO_NAME, .main = true, .fallback = "snapshot",
      .text = "A name for it. One that exists is replaced, in this test." },
    { 0 }
};
static const scenario_key restore_keys[] = {
    { "name", SCENARIO_NAME, .main = true, .fallback = "snapshot",
      .text = "The name that a snapshot of this test or of the setup has." },
    { 0 }
};

static const scenario_key feed_keys[] = {
    { "text", SCENARIO_TEXT, SCENARIO_ONE, .main = true,
      .text = "What to feed." },
    { "bytes", SCENARIO_BYTES, SCENARIO_ONE, .text = "What to feed." },
    { "file", SCENARIO_FILE, SCENARIO_ONE, .text = "A file to feed." },
    { "stream", SCENARIO_NAME,
      .text = "Address of the register that delivers it, such as 0x40004404; "
              "default: every one that has no stream of its own." },
    { 0 }
};

static const scenario_key inject_keys[] = {
    { "fault", SCENARIO_NAME, SCENARIO_REQUIRED, .main = true,
      .text = "Text of the fault (docs/faults.md), such as "
              "flip:reg:r0:3@main+4." },
    { 0 }
};
static const scenario_key expect_injected_keys[] = {
    { "fault", SCENARIO_NAME, .main = true,
      .text = "Text of a fault, as a step before has it; default: all." },
    { "hits", SCENARIO_NUMBER, .fallback = "1",
      .text = "How often it has to have happened, at least." },
    { 0 }
};
static const scenario_key no_keys[] = { { 0 } };

#define COURSE                                                                 \
    { "repeat", SCENARIO_TIME,                                                 \
      .text = "Begin again after this time; default: the last value stays." }

static const scenario_key input_point_keys[] = {
    { "at", SCENARIO_TIME, .fallback = "0 ns",
      .text = "When, from the step on; later than the point before." },
    { "value", SCENARIO_INTEGER, SCENARIO_REQUIRED, .main = true,
      .text = "The value, in the unit of the input." },
    { 0 }
};
static const scenario_key play_input_keys[] = {
    { "peripheral", SCENARIO_NAME, SCENARIO_REQUIRED,
      .text = "Name of the peripheral or part." },
    { "input", SCENARIO_NAME, SCENARIO_REQUIRED, .text = "Name of the input." },
    { "points", SCENARIO_TABLE, SCENARIO_REQUIRED, .keys = input_point_keys,
      .text = "Its values over time." },
    COURSE,
    { "step", SCENARIO_TIME,
      .text = "Between two points the value changes evenly, at this distance; "
              "default: it jumps at the points." },
    { 0 }
};

static const scenario_key pin_point_keys[] = {
    { "at", SCENARIO_TIME, .fallback = "0 ns",
      .text = "When, from the step on; later than the point before." },
    { "level", SCENARIO_WORD, SCENARIO_REQUIRED, .main = true,
      .words = scenario_drives, .text = "What drives the pin from outside." },
    { 0 }
};
static const scenario_key play_pin_keys[] = {
    PIN,
    { "points", SCENARIO_TABLE, SCENARIO_REQUIRED, .keys = pin_point_keys,
      .text = "Its levels over time." },
    COURSE,
    { 0 }
};

#define I2C_PART                                                               \
    { "controller", SCENARIO_NAME, SCENARIO_REQUIRED,                          \
      .text = "Name of the I2C controller of the chip." },                     \
    { "address", SCENARIO_NUMBER, SCENARIO_REQUIRED,                           \
      .text = "Address of the part, 7 bits." }

static const scenario_key transfer_keys[] = {
    { "write", SCENARIO_BYTES, SCENARIO_ONE,
      .text = "The firmware writes exactly these bytes." },
    { "read", SCENARIO_BYTES, SCENARIO_ONE,
      .text = "The firmware reads so many bytes, and gets these." },
    { 0 }
};
static const scenario_key script_i2c_keys[] = {
    I2C_PART,
    { "transfers", SCENARIO_TABLE, SCENARIO_REQUIRED, .keys = transfer_keys,
      .text = "What has to come, in this order." },
    { 0 }
};
static const scenario_key expect_i2c_keys[] = {
    I2C_PART,
    { "within", SCENARIO_TIME, .fallback = "1 s",
      .text = "Virtual time to wait at most." },
    { 0 }
};

#define STACK                                                                  \
    { "stack", SCENARIO_NAME,                                                  \
      .text = "The variable that is the stack of a task; default: the main "  \
              "stack." }

static const scenario_key paint_stack_keys[] = { STACK, { 0 } };
static const scenario_key expect_stack_keys[] = {
    { "most", SCENARIO_COUNT, SCENARIO_REQUIRED, .main = true,
      .text = "Bytes." },
    STACK,
    { 0 }
};

const scenario_verb scenario_verbs[] = {
    { "run", "Let the firmware run. A crash fails the test.", run_keys,
      run_check, run_run },
    { "send", "Send bytes to a serial port of the firmware.", send_keys,
      send_check, send_run },
    { "expect", "Run until the firmware has written something to a serial "
      "port.", expect_keys, expect_check, expect_run },
    { "expect-silence", "Run for a time in which the firmware writes nothing "
      "to a serial port.", expect_silence_keys, expect_silence_check,
      expect_silence_run },
    { "set-pin", "Drive a pin from outside.", set_pin_keys, pin_check,
      set_pin_run },
    { "expect-pin", "Hold the level of a pin against what it should be.",
      expect_pin_keys, pin_check, expect_pin_run },
    { "expect-edges", "Run for a time and count the changes of a pin.",
      expect_edges_keys, pin_check, expect_edges_run },
    { "expect-duty", "Run for a time and measure how long a pin is high.",
      expect_duty_keys, pin_check, expect_duty_run },
    { "expect-rate", "Run for a time and measure the frequency of a pin.",
      expect_rate_keys, pin_check, expect_rate_run },
    { "expect-interrupt", "Run for a time and count how often an interrupt is "
      "taken.", expect_interrupt_keys, NULL, expect_interrupt_run },
    { "set-input", "Set a quantity that a model senses, such as a "
      "temperature.", set_input_keys, NULL, set_input_run },
    { "expect-output", "Look at a quantity that a model shows, such as the "
      "brightness of an LED.", expect_output_keys, NULL, expect_output_run },
    { "expect-memory", "Hold memory against what should be there.",
      expect_memory_keys, memory_check, expect_memory_run },
    { "set-memory", "Write memory as a programmer would.", set_memory_keys,
      memory_check, set_memory_run },
    { "expect-variable", "Hold a variable of the firmware against what it "
      "should be. It is found by the debug information.",
      expect_variable_keys, variable_check, expect_variable_run },
    { "set-variable", "Write a variable of the firmware.", set_variable_keys,
      variable_check, set_variable_run },
    { "expect-register", "Hold a register of the core against what it should "
      "be.", expect_register_keys, register_check, expect_register_run },
    { "set-register", "Write a register of the core.", set_register_keys,
      register_check, set_register_run },
    { "call", "Call a function of the firmware, as another function of it "
      "would.", call_keys, call_check, call_run },
    { "replace", "Replace a function of the firmware by a constant, until the "
      "test ends.", replace_keys, NULL, replace_run },
    { "watch", "Count the calls of a function of the firmware, until the test "
      "ends.", watch_keys, NULL, watch_run },
    { "expect-calls", "A function that is watched or replaced has to have been "
      "called so often.", expect_calls_keys, NULL, expect_calls_run },
    { "reset", "Reset core and peripherals.", reset_keys, NULL, reset_run },
    { "snapshot", "Keep the state of the machine.", snapshot_keys, NULL,
      snapshot_run },
    { "restore", "Go back to a state that was kept.", restore_keys, NULL,
      restore_run },
    { "inject", "Inject a fault of hardware, now or at the moment that it "
      "names. It is armed until the test ends.", inject_keys, inject_check,
      inject_run },
    { "expect-injected", "Faults that were injected have to have happened.",
      expect_injected_keys, NULL, expect_injected_run },
    { "disarm", "Take back the faults that this test has injected; what they "
      "have done stays.", no_keys, NULL, disarm_run },
    { "play-input", "Play values over time on a quantity that a model senses.",
      play_input_keys, play_input_check, play_input_run },
    { "play-pin", "Drive a pin from outside over time: presses of a button, a "
      "clock.", play_pin_keys, pin_check, play_pin_run },
    { "script-i2c", "Put a part on an I2C bus that knows which transfers have "
      "to come, until the test ends. More transfers may follow.",
      script_i2c_keys, script_i2c_check, script_i2c_run },
    { "expect-i2c", "Run until all transfers of a script have come.",
      expect_i2c_keys, i2c_check, expect_i2c_run },
    { "paint-stack", "Fill the unused part of a stack, so that expect-stack "
      "sees from now on how much of it is used.", paint_stack_keys,
      stack_check, paint_stack_run },
    { "expect-stack", "No more of a stack was used since it was painted.",
      expect_stack_keys, stack_check, expect_stack_run },
    { "feed", "Feed input to registers that inference serves.", feed_keys,
      NULL, feed_run },
    { 0 }
};

/* ------------------------------------------------------------------ */
/* The file                                                             */
/* ------------------------------------------------------------------ */

static const scenario_key load_keys[] = {
    { "image", SCENARIO_FILE, SCENARIO_REQUIRED, .main = true,
      .text = "ELF, Intel HEX, S-record, UF2 or raw binary file." },
    { "base", SCENARIO_NUMBER,
      .text = "Where a raw binary lies; default: at the start of the board's "
              "boot memory." },
    { 0 }
};

static const scenario_key memory_keys[] = {
    { "flash", SCENARIO_RANGES,
      .text = "Flash that the board lacks; on a generic board in place of "
              "what the image shows." },
    { "rom", SCENARIO_RANGES, .text = "The same for ROM." },
    { "ram", SCENARIO_RANGES, .text = "The same for RAM." },
    { "mmio", SCENARIO_RANGES, .text = "Where peripherals live." },
    { "vectors", SCENARIO_NUMBER,
      .text = "Where the core finds its vector table after reset." },
    { 0 }
};

static const scenario_key options_keys[] = {
    { "seed", SCENARIO_NUMBER, .fallback = "0",
      .text = "Of every random choice of the models." },
    { "policy", SCENARIO_WORD, .words = scenario_policies,
      .text = "What an access does that nobody models; default: as the board "
              "says." },
    { "faults", SCENARIO_WORD, .fallback = "stop", .words = scenario_faults,
      .text = "A fault stops the run, or its handler in the firmware runs." },
    { "stop-at-reset", SCENARIO_BOOL, .fallback = "false",
      .text = "The run stops when the firmware resets itself." },
    { "semihosting", SCENARIO_BOOL, .fallback = "false",
      .text = "Serve BKPT 0xAB. Its console is the serial port "
              "\"semihosting\"." },
    { "args", SCENARIO_TEXT, .text = "Command line for semihosting." },
    { "dir", SCENARIO_FILE, .text = "Folder whose files semihosting may "
                                    "open; default: none." },
    { 0 }
};

static const scenario_key infer_keys[] = {
    { "enabled", SCENARIO_BOOL, .main = true, .fallback = "true",
      .text = "Registers that nobody models are inferred." },
    { "models", SCENARIO_FILE, .text = "Register models to begin with." },
    { "frozen", SCENARIO_BOOL, .fallback = "false",
      .text = "Nothing is inferred: a register without a model stops the "
              "run." },
    { "svd", SCENARIO_FILE, .text = "The vendor's description of the chip." },
    { "fuzzware", SCENARIO_FILE,
      .text = "A configuration of Fuzzware to begin with." },
    { "irq-period", SCENARIO_COUNT, .fallback = "2000",
      .text = "Instructions between the interrupts that inference raises." },
    { 0 }
};

static const scenario_key test_keys[] = {
    { "name", SCENARIO_NAME, SCENARIO_REQUIRED,
      .text = "A sentence that is true when the test passes." },
    { "steps", SCENARIO_STEPS, SCENARIO_REQUIRED, .text = "What it does." },
    { "skip", SCENARIO_NAME, .text = "The test is not run, for this reason." },
    { "fails", SCENARIO_NAME,
      .text = "The test has to fail, with this in its message." },
    { "timeout", SCENARIO_TIME,
      .text = "Virtual time that the test may take; default: that of the "
              "file." },
    { 0 }
};

const scenario_key scenario_grammar[] = {
    { "fwsim-scenario", SCENARIO_NUMBER, SCENARIO_REQUIRED,
      .text = "Version of this format: 1." },
    { "name", SCENARIO_NAME,
      .text = "Name of the group of tests; default: that of the file." },
    { "board", SCENARIO_NAME, SCENARIO_REQUIRED,
      .text = "The board to simulate; \"fwsim boards\" lists them." },
    { "load", SCENARIO_TABLE, SCENARIO_REQUIRED, .keys = load_keys,
      .text = "Firmware images, later ones over earlier ones." },
    { "memory", SCENARIO_KEYS, .keys = memory_keys,
      .text = "Memories and regions that the board lacks." },
    { "options", SCENARIO_KEYS, .keys = options_keys,
      .text = "Options of the machine." },
    { "infer", SCENARIO_KEYS, .keys = infer_keys,
      .text = "What becomes of registers that nobody models; default: the "
              "policy answers." },
    { "timeout", SCENARIO_TIME,
      .text = "Virtual time that the setup, and each test, may take; default: "
              "--timeout, or else 10 s." },
    { "setup", SCENARIO_STEPS,
      .text = "Steps that are done once; each test begins with the state "
              "behind them." },
    { "tests", SCENARIO_TABLE, SCENARIO_REQUIRED, .keys = test_keys,
      .text = "The tests." },
    { 0 }
};
/* clang-format on */

const scenario_key scenario_argument_keys[] = {
    { "u64", SCENARIO_NUMBER, SCENARIO_ONE, .text = "An integer of 64 bits." },
    { "i64", SCENARIO_INTEGER, SCENARIO_ONE,
      .text = "The same with a sign." },
    { "f32", SCENARIO_FRACTION, SCENARIO_ONE, .text = "A float." },
    { "f64", SCENARIO_FRACTION, SCENARIO_ONE, .text = "A double." },
    { "text", SCENARIO_TEXT, SCENARIO_ONE,
      .text = "A pointer to this text, with a zero byte behind it." },
    { "bytes", SCENARIO_BYTES, SCENARIO_ONE,
      .text = "A pointer to these bytes." },
    { "space", SCENARIO_NUMBER, SCENARIO_ONE,
      .text = "A pointer to so many zero bytes, at most 65536, for the "
              "function to fill." },
    { 0 }
};

const char *scenario_type_text(scenario_type type)
{
    static const char *const texts[SCENARIO_TYPES] = {
        [SCENARIO_TEXT] = "text",
        [SCENARIO_NAME] = "a name without zero bytes",
        [SCENARIO_FILE] = "the path of a file",
        [SCENARIO_BYTES] = "bytes such as \"01 02 ff\" or [1, 2, 0xff]",
        [SCENARIO_TIME] = "a time such as 500 us, 20 ms or 1.5 s",
        [SCENARIO_COUNT] = "a count such as 5000, 20k or 1.5M",
        [SCENARIO_NUMBER] = "a number (decimal, or hexadecimal with 0x)",
        [SCENARIO_INTEGER] = "a number (decimal, or hexadecimal with 0x)",
        [SCENARIO_FRACTION] = "a number such as 0.5",
        [SCENARIO_BOOL] = "true or false",
        [SCENARIO_WORD] = "a word",
        [SCENARIO_ADDRESS] = "a number, a symbol, or \"symbol+4\"",
        [SCENARIO_ARGS] = "a list of numbers, symbols, and {text: abc}",
        [SCENARIO_RANGES] = "ranges such as 0x20000000+64k",
        [SCENARIO_VARIANT] = "a value: a number, true, false, or text",
        [SCENARIO_KEYS] = "a map",
        [SCENARIO_TABLE] = "a list of maps",
        [SCENARIO_STEPS] = "a list of steps",
    };

    return texts[type];
}
