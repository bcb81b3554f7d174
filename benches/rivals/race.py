#!/usr/bin/env python3
"""Races engines on the same articles and queries, and prints a Markdown table a command.

    race.py QUERIES NAME='COMMAND ...' NAME='COMMAND ...' [--commands TOP_10,COUNT] [--rounds 7]

The first engine is the one the others are compared with. An engine is a process that answers each line, a command, a tab and
a query, by a line: its answer, a tab, and the nanoseconds it took. QUERIES has a class, a tab and a query a line. Rounds are
interleaved: every engine runs all queries, in an order drawn anew, before the next round. A query's time is its median; the
table has the mean of a class, and the mean of the other engine's times by the first's, with the quartiles of the queries."""
import argparse
import random
import shlex
import statistics
import subprocess
import sys

WARM_UP = 2


class Engine:
    def __init__(self, name, command):
        self.name = name
        self.process = subprocess.Popen(shlex.split(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, command, query):
        """The answer, and microseconds; None for what the engine does not have."""
        self.process.stdin.write(f"{command}\t{query}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.name} died on {command} {query}")
        answer, _, nanoseconds = line.rstrip("\n").rpartition("\t")
        return None if answer.startswith(("UNSUPPORTED", "ERROR")) else (answer, int(nanoseconds) / 1e3)


def race(engines, queries, command, rounds):
    """Median times by engine and query, and the queries whose counts differ."""
    draw = random.Random(1)
    times = {engine.name: {} for engine in engines}
    answers = {}
    for number in range(WARM_UP + rounds):
        for engine in engines:
            for _, query in draw.sample(queries, len(queries)):
                got = engine.ask(command, query)
                if got is not None and number >= WARM_UP:
                    times[engine.name].setdefault(query, []).append(got[1])
                    answers.setdefault(query, {})[engine.name] = got[0]
    medians = {name: {query: statistics.median(took) for query, took in of.items()} for name, of in times.items()}
    differing = [query for query, of in answers.items() if command == "COUNT" and len(set(of.values())) > 1]
    return medians, differing


def table(engines, queries, medians):
    first, *others = [engine.name for engine in engines]
    print(f"| class | queries | {first}, µs | " + " | ".join(f"{name}, times that | quartiles" for name in others) + " |")
    print("|---|---|---|" + "---|---|" * len(others))
    classes = list(dict.fromkeys(kind for kind, _ in queries))
    for kind in classes + ["all of them"]:
        of_class = [query for found, query in queries if kind in (found, "all of them") and query in medians[first]]
        mean = statistics.mean(medians[first][query] for query in of_class)
        cells = [kind, str(len(of_class)), f"{mean:.0f}"]
        for name in others:
            both = [query for query in of_class if query in medians[name]]
            if len(both) < 2:
                cells += ["-", "-"]
                continue
            ratios = [medians[name][query] / medians[first][query] for query in both]
            low, _, high = statistics.quantiles(ratios, n=4)
            whole = sum(medians[name][query] for query in both) / sum(medians[first][query] for query in both)
            cells += [f"{whole:.2f}", f"{low:.2f} to {high:.2f}"]
        print("| " + " | ".join(cells) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("queries")
    parser.add_argument("engines", nargs="+", metavar="NAME=COMMAND")
    parser.add_argument("--commands", default="TOP_10,COUNT,TOP_10_SNIPPET")
    parser.add_argument("--rounds", type=int, default=7)
    args = parser.parse_args()
    with open(args.queries, encoding="utf-8") as lines:
        queries = [tuple(line.rstrip("\n").split("\t", 1)) for line in lines if "\t" in line and line[0] != "#"]
    engines = [Engine(*engine.split("=", 1)) for engine in args.engines]
    for command in args.commands.split(","):
        medians, differing = race(engines, queries, command, args.rounds)
        print(f"\n### {command}\n")
        table(engines, queries, medians)
        if differing:
            print(f"\nCounts differ on {len(differing)} of {len(queries)}: {', '.join(differing[:5])}")


if __name__ == "__main__":
    main()
