// SPDX-License-Identifier: GPL-2.0-or-later
//
// GoogleTest: the board boots once for the suite; each test begins there.
#include <ostream>
#include <string>

#include <fwsim.h>
#include <gtest/gtest.h>

class Pump : public testing::Test {
protected:
    static void SetUpTestSuite()
    {
        ASSERT_EQ(fwsim_new(&m, fwsim_board_find("mps2_an386"), nullptr), 0);
        ASSERT_EQ(fwsim_load(m, PUMP_ELF, nullptr), 0) << fwsim_errmsg(m);
        ASSERT_EQ(fwsim_uart_expect(m, nullptr, "pump 1.0\n", FWSIM_MS(10)), 0)
            << fwsim_errmsg(m);
        ASSERT_EQ(fwsim_snapshot_take(m, &booted), 0);
    }

    static void TearDownTestSuite()
    {
        fwsim_snapshot_free(booted);
        fwsim_free(m);
    }

    void SetUp() override
    {
        ASSERT_EQ(fwsim_snapshot_restore(m, booted), 0);
        fwsim_uart_clear(m, nullptr);
    }

    void TearDown() override
    {
        if (HasFailure())
            fwsim_report(m, fwsim_last_stop(m),
                         [](const char *line, void *) { puts(line); }, nullptr);
    }

    // Press keys, one after the answer to the other.
    static std::string press(const char *keys)
    {
        for (; *keys; keys++) {
            fwsim_uart_send(m, nullptr, keys, 1);
            EXPECT_EQ(fwsim_uart_expect(m, nullptr, "\n", FWSIM_MS(10)), 0)
                << fwsim_errmsg(m);
        }
        return fwsim_uart_output(m, nullptr, nullptr);
    }

    static fwsim_machine *m;
    static fwsim_snapshot *booted;
};

fwsim_machine *Pump::m;
fwsim_snapshot *Pump::booted;

TEST_F(Pump, RisesAndFalls)
{
    EXPECT_EQ(press("++-"), "level 1\nlevel 2\nlevel 1\n");
}

TEST_F(Pump, BeginsAtZero)
{
    EXPECT_EQ(press("-"), "level 0\n");
}

TEST_F(Pump, NamesItsKeys)
{
    EXPECT_EQ(press("?"), "+ or -\n");
}

struct Lamp {
    const char *keys;
    int lit;
};

// The name of a test has the parameter in it.
static std::ostream &operator<<(std::ostream &out, const Lamp &lamp)
{
    return out << lamp.keys;
}

class PumpLamp : public Pump, public testing::WithParamInterface<Lamp> {};

TEST_P(PumpLamp, IsLitFromThreeOn)
{
    press(GetParam().keys);
    EXPECT_EQ(fwsim_pin_get(m, "led0"), GetParam().lit);
}

INSTANTIATE_TEST_SUITE_P(Levels, PumpLamp,
                         testing::Values(Lamp{ "++", 0 }, Lamp{ "+++", 1 },
                                         Lamp{ "++++--", 0 }));
