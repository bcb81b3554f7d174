#!/usr/bin/env python3
"""How times, memory and size grow with the collection.

    benches/growth.py ARTICLES.jsonl WORK [--sizes 10000,100000,1000000] [--binary target/release/morgue] [--plot FILE.svg]

Takes the first articles of the file, as many as each size says, indexes them in the folder WORK, times the queries of
`benches/workloads/wikipedia.txt` on them, optimizes the index, times them again, and prints two Markdown tables. With --plot,
which takes matplotlib, the median and the 99th percentile are drawn. Run it with nothing else running."""
import argparse
import itertools
import json
import os
import shutil
import subprocess
import time
from pathlib import Path

QUERIES = Path(__file__).resolve().parent / "workloads/wikipedia.txt"
TASKS = {"ten hits with text": [], "ten best without text": ["--top-k", "10"], "count": ["--count"]}
ROUNDS = "5"


def run(*command):
    """What a program prints, its seconds, and its peak memory in bytes."""
    start = time.perf_counter()
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True)
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(map(str, command))} failed")
    return said, time.perf_counter() - start, usage.ru_maxrss * 1024


def size(folder):
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def times(binary, index):
    """Of each task the median and the 99th percentile over all queries and rounds, in microseconds."""
    reports = {}
    for task, options in TASKS.items():
        said, _, _ = run(binary, "bench", "--index", index, "-f", QUERIES, "--rounds", ROUNDS, "--json", *options)
        reports[task] = json.loads(said)["all"]
    return reports


def grow(binary, articles, work, count):
    part, index = work / "articles.jsonl", work / "index"
    shutil.rmtree(index, ignore_errors=True)
    with articles.open("rb") as lines, part.open("wb") as out:
        out.writelines(itertools.islice(lines, count))
    done = {"articles": count, "raw": part.stat().st_size}
    _, done["build"], done["memory"] = run(binary, "index", "--index", index, part)
    done["bytes"], done["times"] = size(index), times(binary, index)
    _, done["optimize"], done["optimize_memory"] = run(binary, "optimize", "--index", index)
    done["optimized_bytes"], done["optimized_times"] = size(index), times(binary, index)
    return done


def print_tables(sizes):
    print("| articles | raw, MB | build, s | peak, MB | index, MB | optimize, s | peak, MB | index then, MB |")
    print("|---|---|---|---|---|---|---|---|")
    for done in sizes:
        megabytes = [done[key] / 1e6 for key in ("memory", "bytes", "optimize_memory", "optimized_bytes")]
        print(
            f"| {done['articles']:,} | {done['raw'] / 1e6:.0f} | {done['build']:.1f} | {megabytes[0]:.0f} | {megabytes[1]:.0f} "
            f"| {done['optimize']:.1f} | {megabytes[2]:.0f} | {megabytes[3]:.0f} |"
        )
    print("\n| articles | " + " | ".join(f"{task}, p50 and p99, µs | optimized" for task in TASKS) + " |")
    print("|---|" + "---|---|" * len(TASKS))
    for done in sizes:
        cells = [
            f"{report[task]['p50']:,.0f}, {report[task]['p99']:,.0f}"
            for task in TASKS
            for report in (done["times"], done["optimized_times"])
        ]
        print(f"| {done['articles']:,} | " + " | ".join(cells) + " |")


def plot(sizes, file):
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 5))
    counts = [done["articles"] for done in sizes]
    for task in TASKS:
        (line,) = axes.plot(counts, [done["optimized_times"][task]["p50"] for done in sizes], "o-", label=f"{task}, p50")
        p99 = [done["optimized_times"][task]["p99"] for done in sizes]
        axes.plot(counts, p99, "o--", color=line.get_color(), label=f"{task}, p99")
    axes.set(xscale="log", yscale="log", xlabel="articles", ylabel="microseconds", title="Times on an optimized index")
    axes.grid(True, alpha=0.3)
    axes.legend(fontsize=8)
    figure.savefig(file, metadata={"Date": None})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--sizes", type=lambda text: [int(size) for size in text.split(",")], default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--binary", type=Path, default=Path("target/release/morgue"))
    parser.add_argument("--plot", type=Path)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    sizes = [grow(args.binary, args.articles, args.work, count) for count in args.sizes]
    print_tables(sizes)
    if args.plot:
        plot(sizes, args.plot)


if __name__ == "__main__":
    main()
