#!/usr/bin/env python3
"""How times, memory and size grow with the collection.

    benches/growth.py ARTICLES.jsonl WORK [--sizes 10000,100000,1000000] [--binary target/release/morgue] [--plot FILE.svg]

Takes the first articles of the file, as many as each size says, writes them to files of a thousand in the folder WORK, indexes
these, and times the queries of `benches/workloads/wikipedia.txt`. Then each hundredth file gets other articles, the index is
brought up to date, and the queries are timed meanwhile. At last the index is optimized, and they are timed again. Prints three
Markdown tables. With --plot, which takes matplotlib, the median and the 99th percentile are drawn. Run it with nothing else running."""
import argparse
import itertools
import json
import os
import shutil
import subprocess
import time
from pathlib import Path

QUERIES = Path(__file__).resolve().parent / "workloads/wikipedia.txt"
FILE_ARTICLES = 1000
CHANGED_PART = 100
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


def write_files(articles, folder, count):
    """The first articles in files; returns their bytes."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with articles.open("rb") as lines:
        for number in range(0, count, FILE_ARTICLES):
            with (folder / f"{number:09}.jsonl").open("wb") as out:
                out.writelines(itertools.islice(lines, min(FILE_ARTICLES, count - number)))
    return size(folder)


def change(folder):
    """Gives each hundredth file other articles; returns how many these are."""
    changed = 0
    for file in sorted(folder.iterdir())[::CHANGED_PART]:
        lines = file.read_bytes().splitlines(keepends=True)
        file.write_bytes(b"".join(line.replace(b" the ", b" the same ") for line in lines))
        changed += sum(b" the " in line for line in lines)
    return changed


def update(binary, index, folder):
    """Brings an index up to date while its queries are timed, in turns with a new look at the index."""
    changed, meanwhile = change(folder), []
    process = subprocess.Popen([binary, "index", "--index", index, "--json", folder], stdout=subprocess.PIPE, text=True)
    while not meanwhile or process.poll() is None:
        options = ["--json", "--rounds", "1", "--warm-up", "0"]
        said, _, _ = run(binary, "bench", "--index", index, "-f", QUERIES, *options)
        meanwhile.append(json.loads(said)["all"])
    report = json.loads(process.stdout.read().splitlines()[-1])
    if process.returncode or report["replaced"] != changed:
        raise SystemExit(f"{report} after {changed} articles were changed")
    return {"changed": changed, "update": report["seconds"], "meanwhile": meanwhile}


def grow(binary, articles, work, count):
    folder, index = work / "articles", work / "index"
    shutil.rmtree(index, ignore_errors=True)
    done = {"articles": count, "raw": write_files(articles, folder, count)}
    _, done["build"], done["memory"] = run(binary, "index", "--index", index, folder)
    done["bytes"], done["times"] = size(index), times(binary, index)
    _, done["nothing"], _ = run(binary, "index", "--index", index, folder)
    done |= update(binary, index, folder)
    done["updated_bytes"] = size(index)
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
    print("\n| articles | update with nothing to do, s | changed | update, s | index then, MB | ten hits with text meanwhile, p50 and p99, µs |")
    print("|---|---|---|---|---|---|")
    for done in sizes:
        p50, p99 = (max(report[key] for report in done["meanwhile"]) for key in ("p50", "p99"))
        print(
            f"| {done['articles']:,} | {done['nothing']:.2f} | {done['changed']:,} | {done['update']:.1f} "
            f"| {done['updated_bytes'] / 1e6:.0f} | {p50:,.0f}, {p99:,.0f} |"
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
