#!/usr/bin/env python3
"""SQLite's FTS5, to race against: fts5.py index ARTICLES.jsonl FILE | serve FILE

Scores by its own bm25; snippets by its own snippet()."""
import json
import sqlite3
import sys
import time


def index(articles, path):
    base = sqlite3.connect(path)
    base.execute("CREATE VIRTUAL TABLE articles USING fts5(id UNINDEXED, text, tokenize='unicode61')")
    with open(articles, encoding="utf-8") as lines:
        rows = (json.loads(line) for line in lines)
        base.executemany("INSERT INTO articles VALUES (?, ?)", ((row["id"], row["title"] + "\n\n" + row["body"]) for row in rows))
    base.execute("INSERT INTO articles(articles) VALUES ('optimize')")
    base.commit()


def translate(query):
    """The query in FTS5's language; None where it has none like it."""
    must, must_not, may = [], [], []
    rest = query
    while rest := rest.strip():
        kind, rest = (rest[0], rest[1:]) if rest[0] in "+-" else ("", rest)
        end = rest.index('"', 1) + 1 if rest[0] == '"' else (rest + " ").index(" ")
        word, rest = rest[:end], rest[end:]
        {"+": must, "-": must_not, "": may}[kind].append(word if word[0] == '"' else f'"{word}"')
    if must and may or not must and not may:
        return None
    positive = " AND ".join(must) if must else "(" + " OR ".join(may) + ")"
    return positive + "".join(f" NOT {word}" for word in must_not)


def serve(path):
    base = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    best = "SELECT {} FROM articles WHERE articles MATCH ? ORDER BY rank LIMIT {}"
    statements = {
        "COUNT": "SELECT count(*) FROM articles WHERE articles MATCH ?",
        "TOP_10": best.format("rowid", 10),
        "TOP_100": best.format("rowid", 100),
        "TOP_10_SNIPPET": best.format("snippet(articles, 1, '<b>', '</b>', '…', 30)", 10),
    }
    for line in sys.stdin:
        command, _, query = line.rstrip("\n").partition("\t")
        start = time.perf_counter_ns()
        query = translate(query) if command in statements else None
        if query is None:
            answer = "0" if command == "NOP" else "UNSUPPORTED"
        else:
            rows = base.execute(statements[command], (query,)).fetchall()
            answer = rows[0][0] if command == "COUNT" else len(rows)
        print(f"{answer}\t{time.perf_counter_ns() - start}", flush=True)


if __name__ == "__main__":
    {"index": index, "serve": serve}[sys.argv[1]](*sys.argv[2:])
