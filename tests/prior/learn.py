#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""
Learn the prior of inference and judge it with a vendor left out.

    learn.py [--c FILE] [--weights FILE] [--markdown FILE] COLUMNS...

COLUMNS is what prior_collect prints. Logistic regression by plain gradient
descent: no random numbers and no other packages, so two runs agree. What is
judged is a model that has seen nothing of the vendor it is judged on.
"""
import argparse
import math
import sys
from collections import defaultdict

ROLES = ["control", "status", "data", "control-status"]
REGISTER_FEATURES = 25
EXIT_FEATURES = 15
STEPS, RATE, DECAY, UNIT = 300, 0.5, 0.002, 64

# The roles of the rules as those of the labels.
SAME = {"flags": "status", "identity": "status", "counter": "data",
        "address": "control", "count": "control", "set": "control",
        "clear": "control"}
# The corpus' list calls outputs data, see tests/score/roles.c.
OUTPUT = {"set": "data", "clear": "data"}
TRUTH = {"CR": "control", "SR": "status", "DR": "data",
         "C&SR": "control-status"}


def bits(number, count):
    return [i for i in range(count) if number >> i & 1]


def read(paths):
    registers, exits = [], []
    for path in paths:
        with open(path, encoding="ascii", errors="replace") as lines:
            for line in lines:
                column = line.rstrip("\n").split("\t")
                if column[0] == "register" and len(column) == 9:
                    registers.append(column[1:])
                elif column[0] == "exit" and len(column) == 6:
                    exits.append(column[1:])
    return registers, exits


# ---------------------------------------------------------------------
# Roles
# ---------------------------------------------------------------------


def softmax(weights, features):
    sums = [sum(w[i] for i in features) for w in weights]
    top = max(sums)
    powers = [math.exp(s - top) for s in sums]
    total = sum(powers)
    return [p / total for p in powers]


def group(rows):
    """Equal examples once, with how many there are."""
    counts = defaultdict(int)
    for features, label in rows:
        counts[tuple(features), label] += 1
    return sorted(counts.items())


def learn_roles(rows):
    weights = [[0.0] * REGISTER_FEATURES for _ in ROLES]
    rows, total = group(rows), len(rows)
    for _ in range(STEPS):
        slope = [[DECAY * w for w in row] for row in weights]
        for (features, label), count in rows:
            p = softmax(weights, features)
            for k in range(len(ROLES)):
                error = (p[k] - (k == label)) * count / total
                for i in features:
                    slope[k][i] += error
        for k in range(len(ROLES)):
            for i in range(REGISTER_FEATURES):
                weights[k][i] -= RATE * slope[k][i]
    return weights


def guess_role(weights, features):
    p = softmax(weights, features)
    return p.index(max(p))


def role_rows(registers):
    return [(r[1], bits(int(r[7], 16), REGISTER_FEATURES),
             ROLES.index(r[3]), r[5], int(r[6]), r[4])
            for r in registers if r[3] in ROLES]


def judge_roles(rows):
    """Right answers by vendor: registers, rules, prior, and both."""
    table = []
    for vendor in sorted({r[0] for r in rows}):
        seen = [(f, label) for v, f, label, *_ in rows if v != vendor]
        mine = [r for r in rows if r[0] == vendor]
        weights = learn_roles(seen)
        rules = prior = both = 0
        for _, features, label, rule, sure, _ in mine:
            guess = guess_role(weights, features) == label
            right = SAME.get(rule, rule) == ROLES[label]
            rules += right
            prior += guess
            both += guess if sure <= 60 else right
        table.append((vendor, len(mine), rules, prior, both))
    return table


def judge_truth(rows):
    """The same on the corpus' list; its vendor is left out."""
    listed = [r for r in rows if r[5] in TRUTH]
    vendors = {r[0] for r in listed}
    weights = learn_roles([(f, label) for v, f, label, *_ in rows
                           if v not in vendors])
    rules = prior = both = 0
    for _, features, _, rule, sure, truth in listed:
        right = {**SAME, **OUTPUT}.get(rule, rule) == TRUTH[truth]
        guess = ROLES[guess_role(weights, features)] == TRUTH[truth]
        rules += right
        prior += guess
        both += guess if sure <= 60 else right
    return len(listed), rules, prior, both


# ---------------------------------------------------------------------
# Exits
# ---------------------------------------------------------------------


def pairs_of(exits):
    """Of one look, each exit that is ready with each that is an error."""
    looks = defaultdict(lambda: ([], []))
    for image, vendor, look, label, features in exits:
        good, bad = looks[image, vendor, look]
        (good if int(label) > 0 else bad).append(int(features, 16))
    pairs = defaultdict(int)
    for (_, vendor, _), (good, bad) in sorted(looks.items()):
        for g in good:
            for b in bad:
                pairs[vendor, g, b] += 1
    return sorted(pairs.items())


def rank(features):
    """What analyse.c ranks by."""
    has = [features >> i & 1 for i in range(EXIT_FEATURES)]
    return 8 * has[0] + 4 * (not (has[1] or has[6])) + 2 * has[3] + has[4] + 1


def learn_exits(pairs):
    weights = [0.0] * EXIT_FEATURES
    total = sum(count for _, count in pairs) or 1
    for _ in range(STEPS):
        slope = [DECAY * w for w in weights]
        for (_, good, bad), count in pairs:
            more, less = bits(good & ~bad, EXIT_FEATURES), \
                bits(bad & ~good, EXIT_FEATURES)
            z = sum(weights[i] for i in more) - sum(weights[i] for i in less)
            error = -count / total / (1 + math.exp(z))
            for i in more:
                slope[i] += error
            for i in less:
                slope[i] -= error
        weights = [w - RATE * s for w, s in zip(weights, slope)]
    return weights


def score(weights, features):
    return sum(weights[i] for i in bits(features, EXIT_FEATURES))


def won(a, b):
    """A tie is decided by chance."""
    return 1.0 if a > b else 0.5 if a == b else 0.0


def judge_exits(pairs):
    table = []
    for vendor in sorted({key[0] for key, _ in pairs}):
        weights = learn_exits([p for p in pairs if p[0][0] != vendor])
        n = rules = prior = both = 0
        for (v, good, bad), count in pairs:
            if v != vendor:
                continue
            n += count
            by_rule = won(rank(good), rank(bad))
            by_prior = won(round(score(weights, good), 6),
                           round(score(weights, bad), 6))
            rules += count * by_rule
            prior += count * by_prior
            both += count * (by_prior if by_rule == 0.5 else by_rule)
        table.append((vendor, n, rules, prior, both))
    return table


# ---------------------------------------------------------------------
# Output
# ---------------------------------------------------------------------


def whole(weights):
    return [max(-32768, min(32767, round(UNIT * w))) for w in weights]


def c_rows(name, weights):
    lines, line = [], "        "
    for w in whole(weights):
        if len(line) + len(f"{w}, ") > 78:
            lines.append(line.rstrip())
            line = "        "
        line += f"{w}, "
    lines.append(line.rstrip().rstrip(","))
    return f"        /* {name} */\n" + "\n".join(lines)


def write_c(path, roles):
    with open(path, "w", encoding="ascii") as out:
        out.write("/* SPDX-License-Identifier: GPL-2.0-or-later */\n"
                  "/*\n * Weights of the prior. Made by tests/prior/learn.py "
                  "(target prior): do not\n * edit.\n */\n"
                  '#include "infer/prior.h"\n\n'
                  "/* clang-format off */\n"
                  "const fwsim__prior fwsim__prior_weights = {\n"
                  "    .role = { {\n")
        out.write("\n    }, {\n".join(c_rows(name, row)
                                      for name, row in zip(ROLES, roles)))
        out.write("\n    } },\n};\n/* clang-format on */\n")


def write_weights(path, roles):
    with open(path, "w", encoding="ascii") as out:
        out.write("# Weights of the prior, in 1/64; see prior.h.\n")
        for name, row in zip(ROLES, roles):
            out.write(name + " " + " ".join(map(str, whole(row))) + "\n")


def share(part, all_):
    return f"{100 * part / all_:.1f} %" if all_ else ""


def put_table(out, what, table):
    out.write(f"| vendor left out | {what} | rules | prior | prior where the "
              "rules are unsure |\n| --- | --- | --- | --- | --- |\n")
    total = ["all"] + [sum(row[i] for row in table) for i in range(1, 5)]
    for name, n, rules, prior, both in table + [total]:
        out.write(f"| {name} | {n} | {share(rules, n)} | {share(prior, n)} | "
                  f"{share(both, n)} |\n")
    out.write("\n")


def put_tables(out, rows, pairs):
    out.write("### Roles, beside the vendors' SVD files\n\n")
    put_table(out, "registers of an image", judge_roles(rows))
    n, rules, prior, both = judge_truth(rows)
    out.write("### Roles, beside register_categories.tsv\n\n"
              "| registers of an image | rules | prior, its vendor left out | "
              "prior where the rules are unsure |\n| --- | --- | --- | --- |\n"
              f"| {n} | {share(rules, n)} | {share(prior, n)} | "
              f"{share(both, n)} |\n\n")
    out.write("### Ways out of a wait, one ready and one an error\n\n")
    put_table(out, "pairs", judge_exits(pairs))


def replace_between(path, rows, pairs):
    """The tables of a page stand between two marks."""
    begin, end = "<!-- tables -->\n", "<!-- end of tables -->\n"
    with open(path, encoding="utf-8") as page:
        text = page.read()
    head, rest = text.split(begin)
    tail = rest.split(end)[1]
    with open(path, "w", encoding="utf-8") as out:
        out.write(head + begin + "\n")
        put_tables(out, rows, pairs)
        out.write(end + tail)


def main():
    parser = argparse.ArgumentParser(description="Learn the prior.")
    parser.add_argument("columns", nargs="+")
    parser.add_argument("--c")
    parser.add_argument("--weights")
    parser.add_argument("--markdown")
    options = parser.parse_args()
    registers, exits = read(options.columns)
    rows, pairs = role_rows(registers), pairs_of(exits)
    put_tables(sys.stdout, rows, pairs)
    roles = learn_roles([(f, label) for _, f, label, *_ in rows])
    if options.c:
        write_c(options.c, roles)
    if options.weights:
        write_weights(options.weights, roles)
    if options.markdown:
        replace_between(options.markdown, rows, pairs)


if __name__ == "__main__":
    main()
