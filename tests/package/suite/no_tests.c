/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program that knows nothing of fwsim_run_tests. */
int main(void)
{
    return 0;
}
