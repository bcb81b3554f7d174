#!/usr/bin/env python3
"""Races morgue with every other engine that is installed, and writes the tables into docs/rivals.md.

    benches/rivals/run-all.py ARTICLES.jsonl WORK [--rounds 7] [--warm-up 30] [--only tantivy,morgue]
               [--queries QUERIES.tsv] [--out docs/rivals.md]

ARTICLES.jsonl has an object with id, title and body a line. WORK is a folder for the programs and the indexes: an engine's
index is built once, so remove WORK/indexes when the articles or an engine change. An engine that is not installed is left
out, and the commands that install it are printed. Lucene runs with the Java of JAVA_HOME, else with the one of PATH. Run it
with nothing else running."""
import argparse
import datetime
import json
import os
import platform
import shlex
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
QUERIES = ROOT / "benches/workloads/race.tsv"
COMMANDS = "TOP_10,TOP_10_SNIPPET,COUNT,TOP_100"


@dataclass
class Rival:
    """An engine: the program that has it, and that program's arguments for each thing we ask of it, a `;` between two runs."""

    name: str
    program: list
    install: str
    version: str = "version"
    build: str = "index {articles} {index}"
    serve: str = "serve {index}"

    def commands(self, arguments, **places):
        return [self.command(run, **places) for run in arguments.split(";")]

    def command(self, arguments, **places):
        return self.program + [argument.format(**places) for argument in arguments.split()]

    def installed(self):
        """Its version; None where it is not installed."""
        try:
            said = subprocess.run(self.command(self.version), capture_output=True, text=True)
        except OSError:
            return None
        if said.returncode:
            say(said.stderr[-500:])  # an engine may be there and still not run
            return None
        return said.stdout.strip()


def rivals(work):
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release"
    java = str(Path(os.environ["JAVA_HOME"], "bin/java")) if "JAVA_HOME" in os.environ else "java"
    # Lucene decodes postings with the vector module. The garbage collector has one thread, as the query has.
    java_options = "-Xmx2g -XX:+UseSerialGC --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED".split()
    own = "cargo build --release -p morgue -p benches"
    index = "index --index {index} {articles}"
    seekstorm = HERE / "seekstorm/Cargo.toml"
    return [
        Rival("tantivy", [target / "tantivy_rival"], own),
        Rival("morgue", [target / "morgue"], own, "--version", index, "bench --adapter {index}"),
        Rival(
            "morgue optimized", [target / "morgue"], own, "--version", index + "; optimize --index {index}", "bench --adapter {index}"
        ),
        Rival(
            "Lucene",
            [java, *java_options, "-cp", work / "lucene/*", HERE / "lucene/LuceneRival.java"],
            f"""a JDK of 21 or newer, and JAVA_HOME set to its folder, and
                pip download --no-deps -d {work} nlp4j-local-search==0.8.1.0
                unzip -p {work}/nlp4j_local_search-0.8.1.0-*.whl '*/nlp4j-localsearch.jar' > {work}/nlp4j.jar
                unzip {work}/nlp4j.jar 'lucene-*.jar' 'gson-*.jar' -d {work}/lucene""",
        ),
        Rival(
            "PISA",
            [work / "pisa/bin/python", HERE / "pisa.py"],
            f"python3 -m venv {work}/pisa && {work}/pisa/bin/pip install pyterrier_pisa==0.4.9",
        ),
        Rival(
            "SeekStorm",
            [work / "seekstorm/release/seekstorm_rival"],
            f"cargo build --release --manifest-path {seekstorm} --target-dir {work}/seekstorm",
        ),
        Rival("Xapian", [HERE / "xapian_rival.py"], "apt-get install python3-xapian"),
        Rival("FTS5", [HERE / "fts5.py"], "a Python whose SQLite has FTS5"),
    ]


def build(rival, articles, indexes):
    """Builds the index where there is none; how long that took and the bytes it has."""
    index, note = indexes / rival.name, indexes / (rival.name + ".json")
    if not note.exists():
        say(f"{rival.name}: building its index")
        subprocess.run(["rm", "-rf", index], check=True)  # what a build that failed left
        start = time.perf_counter()
        for command in rival.commands(rival.build, articles=articles, index=index):
            subprocess.run(command, check=True, stdout=sys.stderr)
        seconds = time.perf_counter() - start
        note.write_text(json.dumps({"seconds": seconds, "bytes": size(index), "articles": str(articles)}))
    built = json.loads(note.read_text())
    if built["articles"] != str(articles):
        sys.exit(f"{index} has the articles of {built['articles']}: remove {indexes}, or take another folder")
    return built


def size(path):
    files = [path] if path.is_file() else path.rglob("*")
    return sum(file.stat().st_size for file in files if file.is_file())


def say(line):
    print(line, file=sys.stderr, flush=True)


def output(*command):
    """What a program prints on standard output."""
    return subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE, text=True).stdout


def machine():
    fields = (line.split(":", 1) for line in Path("/proc/cpuinfo").read_text().splitlines() if ":" in line)
    model = next((value.strip() for key, value in fields if key.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return f"{os.cpu_count()} cores of {model}, {memory:.0f} GB of memory, {platform.system()} {platform.release()}"


def report(args, articles, engines, tables, agreement):
    """The text of docs/rivals.md; engines are triples of a rival, its version and what build told."""
    bytes_read = articles.stat().st_size
    count = sum(1 for _ in articles.open("rb"))
    rows = "\n".join(
        f"| {rival.name} | {version} | {built['seconds']:.0f} | {built['bytes'] / 1e6:.0f} |" for rival, version, built in engines
    )
    queries = "" if args.queries == QUERIES else f" --queries {args.queries.name}"
    return f"""# A race with other engines

Made on {datetime.date.today()} by `benches/rivals/run-all.py {articles.name} WORK --rounds {args.rounds} --warm-up {args.warm_up}{queries}`
from commit {output("git", "-C", ROOT, "rev-parse", "--short", "HEAD").strip()}, on {machine()}.
{count:,} articles, {bytes_read / 1e6:.0f} MB of JSON lines; the queries of `{args.queries.name}`, one at a time.

All index words in lower case, without stemming or stop words, and rank by BM25 of k1 1.2 and b 0.75, from one segment and with
one thread. The times of PISA, Xapian and FTS5 include the call from Python. A snippet is the best fragment of the stored text,
marked; each engine has a way of its own to choose it. (The package that Lucene is taken from has no highlighter: its fragments are
cut by code of ours, in tantivy's way.)

| engine | version | building the index, s | index, MB |
|---|---|---|---|
{rows}

`benches/README.md` says what the engines cannot be made to do alike, and how to add one.

## Times

TOP_10 and TOP_100 are the best hits without text, TOP_10_SNIPPET is ten hits with a fragment each, COUNT is how many there are.
{tables}
## Agreement

{agreement}"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--warm-up", type=int, default=30, help="rounds that do not count; the JVM compiles in them")
    parser.add_argument("--only", type=lambda names: names.split(","), help="the engines to race, by name, where not all")
    parser.add_argument("--queries", type=Path, default=QUERIES, help="a class, a tab and a query a line")
    parser.add_argument("--out", type=Path, default=ROOT / "docs/rivals.md")
    args = parser.parse_args()
    articles, work = args.articles.resolve(), args.work.resolve()
    indexes = work / "indexes"
    indexes.mkdir(parents=True, exist_ok=True)
    subprocess.run("cargo build --release -p morgue -p benches".split(), cwd=ROOT, check=True)

    engines = []
    for rival in rivals(work):
        if args.only and rival.name not in args.only:
            continue
        version = rival.installed()
        if version is None:
            say(f"\n*** {rival.name} IS NOT INSTALLED and is left out. It takes\n                {rival.install}\n")
            continue
        engines.append((rival, version, build(rival, articles, indexes)))
    if len(engines) < 2:
        sys.exit("a race takes two engines: install another one")

    commands = {rival.name: rival.command(rival.serve, index=indexes / rival.name) for rival, _, _ in engines}
    serving = [f"{name}={shlex.join(map(str, command))}" for name, command in commands.items()]
    agreement = output(HERE / "agree.py", args.queries, *serving)
    times = ["--commands", COMMANDS, "--rounds", args.rounds, "--warm-up", args.warm_up]
    tables = output(HERE / "race.py", args.queries, *serving, *times)
    args.out.write_text(report(args, articles, engines, tables, agreement), encoding="utf-8")
    say(f"wrote {args.out}")


if __name__ == "__main__":
    main()
