#!/usr/bin/env python3
"""How fast articles get into an index, beside a bare writer of tantivy.

    benches/ingest.py ARTICLES.jsonl WORK [--rounds 5] [--bin target/release]

Both read the same JSON lines on as many threads and end with one segment on the disk. tantivy's writer takes id and text as they
come, analyzes them in its own way and keeps them; morgue does all that it does. The two take turns; the table has medians and
quartiles. Needs `cargo build --release -p morgue -p benches`. Run it with nothing else running."""
import argparse
import os
import shutil
import statistics
import subprocess
import time
from pathlib import Path


def index(command, folder):
    """Seconds, and peak memory in bytes."""
    shutil.rmtree(folder, ignore_errors=True)
    start = time.perf_counter()
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command} failed")
    return time.perf_counter() - start, usage.ru_maxrss * 1024


def size(folder):
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def spread(values, digits=1):
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return f"{middle:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--bin", type=Path, default=Path("target/release"))
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    raw = args.articles.stat().st_size
    with args.articles.open("rb") as lines:
        articles = sum(1 for _ in lines)
    folders = {"tantivy": args.work / "tantivy", "morgue": args.work / "morgue"}
    commands = {
        "tantivy": [args.bin / "tantivy_rival", "index", args.articles, folders["tantivy"]],
        "morgue": [args.bin / "morgue", "index", "--quiet", "--index", folders["morgue"], args.articles],
    }
    runs = {name: [] for name in commands}
    for _ in range(args.rounds):
        for name, command in commands.items():
            runs[name].append(index(command, folders[name]))
    print(f"{articles:,} articles, {raw / 1e6:.0f} MB, {args.rounds} rounds\n")
    print("| | articles/s | MB/s | peak, MB | index, of the raw text |\n|---|---|---|---|---|")
    for name, done in runs.items():
        print(
            f"| {name} | {spread([articles / seconds for seconds, _ in done], 0)} "
            f"| {spread([raw / 1e6 / seconds for seconds, _ in done])} "
            f"| {spread([memory / 1e6 for _, memory in done], 0)} | {size(folders[name]) / raw:.2f} |"
        )
    pairs = list(zip(runs["morgue"], runs["tantivy"]))
    speed = spread([bare[0] / ours[0] for ours, bare in pairs], 2)
    memory = spread([ours[1] / bare[1] for ours, bare in pairs], 2)
    print(f"\nmorgue has {speed} of the MB/s of the bare writer, and {memory} times its peak memory.")


if __name__ == "__main__":
    main()
