#!/usr/bin/env python3
"""Races engines on the same articles and queries, and prints a Markdown table a command.

    race.py QUERIES NAME='COMMAND ...' NAME='COMMAND ...' [--commands TOP_10,COUNT] [--rounds 7] [--warm-up 2]

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


class Engine:
    def __init__(self, name, command):
        self.name = name
        self.command = shlex.split(command)
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.line("NOP", "") is None:
            sys.exit(f"{self.name} does not start; see what it said, and try: {shlex.join(self.command)}")

    def line(self, command, query):
        """The line it answers; None when it is dead."""
        try:
            self.process.stdin.write(f"{command}\t{query}\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            return None
        for line in self.process.stdout:
            if line.rstrip("\n").rpartition("\t")[2].isdigit():
                return line.rstrip("\n")
            print(f"{self.name}: {line}", end="", file=sys.stderr)  # news of the engine's own
        return None

    def ask(self, command, query):
        """The answer, and microseconds; None for what the engine does not have or fails at."""
        line = self.line(command, query)
        if line is None:
            self.start()
            line = "ERROR it died\t0"
        answer, _, nanoseconds = line.rpartition("\t")
        if answer.startswith("ERROR"):
            print(f"{self.name} failed on {command} {query}: {answer}", file=sys.stderr)
        return None if answer.startswith(("UNSUPPORTED", "ERROR")) else (answer, int(nanoseconds) / 1e3)


def arguments(description):
    """A parser of the arguments that every program for engines has."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("queries", type=read_queries, metavar="QUERIES")
    parser.add_argument("engines", nargs="+", type=lambda engine: Engine(*engine.split("=", 1)), metavar="NAME=COMMAND")
    return parser


def read_queries(path):
    """Pairs of a class and a query."""
    with open(path, encoding="utf-8") as lines:
        return [tuple(line.rstrip("\n").split("\t", 1)) for line in lines if "\t" in line and line[0] != "#"]


def race(engines, queries, command, rounds, warm_up):
    """Median times by engine and query, and the queries whose counts differ."""
    draw = random.Random(1)
    times = {engine.name: {} for engine in engines}
    answers = {}
    for number in range(warm_up + rounds):
        for engine in engines:
            for _, query in draw.sample(queries, len(queries)):
                got = engine.ask(command, query)
                if got is not None and number >= warm_up:
                    times[engine.name].setdefault(query, []).append(got[1])
                    answers.setdefault(query, {})[engine.name] = got[0]
    medians = {name: {query: statistics.median(took) for query, took in of.items()} for name, of in times.items()}
    differing = [query for query, of in answers.items() if command == "COUNT" and len(set(of.values())) > 1]
    return medians, differing


def table(engines, queries, medians):
    # An engine without the command at all has no column.
    first, *others = [engine.name for engine in engines if medians[engine.name]]
    print(f"| class | queries | {first}, µs | " + " | ".join(f"{name}, times that (quartiles)" for name in others) + " |")
    print("|---|---|---|" + "---|" * len(others))
    classes = list(dict.fromkeys(kind for kind, _ in queries))
    for kind in classes + ["all of them"]:
        of_class = [query for found, query in queries if kind in (found, "all of them") and query in medians[first]]
        mean = statistics.mean(medians[first][query] for query in of_class)
        cells = [compared(of_class, medians[first], medians[name]) for name in others]
        print("| " + " | ".join([kind, str(len(of_class)), f"{mean:.0f}"] + cells) + " |")


def compared(queries, base, other):
    """The ratio of the sums of two engines' times, of the queries that both have, with how many where it is not all."""
    both = [query for query in queries if query in other]
    if len(both) < 2:
        return "-"
    low, _, high = statistics.quantiles([other[query] / base[query] for query in both], n=4)
    whole = sum(other[query] for query in both) / sum(base[query] for query in both)
    only = "" if len(both) == len(queries) else f", {len(both)} queries"
    return f"{whole:.2f} ({low:.2f} to {high:.2f}{only})"


def main():
    parser = arguments(__doc__)
    parser.add_argument("--commands", default="TOP_10,COUNT,TOP_10_SNIPPET")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--warm-up", type=int, default=2, help="rounds that do not count; a JVM needs more")
    args = parser.parse_args()
    for command in args.commands.split(","):
        medians, differing = race(args.engines, args.queries, command, args.rounds, args.warm_up)
        print(f"\n### {command}\n")
        table(args.engines, args.queries, medians)
        if differing:
            print(f"\nCounts differ on {len(differing)} of {len(args.queries)}: {', '.join(differing[:5])}")


if __name__ == "__main__":
    main()
