#!/usr/bin/env python3
"""The figures of the README: python3 benches/figures.py ARTICLES.jsonl [BINARY]

Builds an index of the file in a temporary folder (three times, the median counts), then runs each query as a process of
its own, from start to exit, 41 times, warm, and prints a Markdown table. Run it with nothing else running."""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

QUERIES = [
    "anarchism", "united AND states", "world war", '"new york"', "climate OR weather", "history NOT war",
    "title:france", "war NEAR/5 peace", "war SENTENCE peace", "econom*", "date:none AND moon",
]
RUNS = 41


def build(binary, articles, index):
    """One build: the last event, and the peak memory in bytes."""
    process = subprocess.Popen([binary, "index", articles, "--index", index, "--json"], stdout=subprocess.PIPE, text=True)
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, status
    return json.loads(out.splitlines()[-1]), usage.ru_maxrss * 1024


def timed(command):
    start = time.perf_counter()
    code = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
    assert code in (0, 1), command
    return (time.perf_counter() - start) * 1e3


def size(folder):
    return sum(os.path.getsize(os.path.join(path, name)) for path, _, names in os.walk(folder) for name in names)


def main():
    articles = sys.argv[1]
    binary = sys.argv[2] if len(sys.argv) > 2 else "target/release/morgue"
    raw = os.path.getsize(articles)
    with tempfile.TemporaryDirectory() as folder:
        builds = [build(binary, articles, os.path.join(folder, str(i))) for i in range(3)]
        done, memory = sorted(builds, key=lambda build: build[0]["seconds"])[1]
        index = os.path.join(folder, "2")
        seconds = done["seconds"]
        print(f"| building the index | {done['articles'] / seconds:,.0f} articles/s, {raw / seconds / 1e6:.1f} MB/s |")
        print(f"| peak memory of that | {memory / 1e6:.0f} MB |")
        print(f"| index on disk, positions and text included | {size(index) / 1e6:.0f} MB, {size(index) / raw:.2f} of the raw file |")
        print(f"| an update with nothing to do | {statistics.median(timed([binary, 'index', '--index', index]) for _ in range(9)):.0f} ms |")
        medians = []
        for query in QUERIES:
            command = [binary, "search", "--index", index, query]
            medians.append(statistics.median(timed(command) for _ in range(RUNS)))
            print(f"{medians[-1]:7.2f} ms  {query}", file=sys.stderr)
        idle = statistics.median(timed(["true"]) for _ in range(RUNS))
        print(f"| a warm `search` process, start to exit, ten hits with snippets | {statistics.median(medians):.1f} ms median of "
              f"{len(QUERIES)} queries, {max(medians):.1f} ms the slowest (`true`: {idle:.1f} ms) |")


main()
