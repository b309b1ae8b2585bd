/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random numbers of the models: SplitMix64 (Steele, Lea, Flood, "Fast
 * splittable pseudorandom number generators", OOPSLA 2014), seeded with
 * fwsim_options.seed. The state is one word, every seed is as good as another,
 * and the upper half of each output is used.
 */
#include "machine/machine.h"

uint32_t fwsim_random(fwsim_periph *p)
{
    uint64_t z = p->m->st->random += 0x9e3779b97f4a7c15u;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ (z >> 31)) >> 32);
}
