#!/usr/bin/env python3
"""SQLite's FTS5, to race against: fts5.py index ARTICLES.jsonl FILE | serve FILE | version

Install it: Python brings it. Scores by its own bm25, of k1 1.2 and b 0.75; snippets by its own snippet()."""
import sqlite3

import rival

BEST = "SELECT {} FROM articles WHERE articles MATCH ? ORDER BY rank LIMIT {}"
STATEMENTS = {
    "COUNT": "SELECT count(*) FROM articles WHERE articles MATCH ?",
    "TOP_10": BEST.format("rowid", 10),
    "TOP_100": BEST.format("rowid", 100),
    "TOP_10_SNIPPET": BEST.format("snippet(articles, 1, '<b>', '</b>', '…', 30)", 10),
    "IDS_10": BEST.format("id, -rank", 10),
}


def index(articles, path):
    base = sqlite3.connect(path)
    # The other engines keep accents; FTS5 removes them unless told.
    base.execute("CREATE VIRTUAL TABLE articles USING fts5(id UNINDEXED, text, tokenize='unicode61 remove_diacritics 0')")
    base.executemany("INSERT INTO articles VALUES (?, ?)", rival.articles(articles))
    base.execute("INSERT INTO articles(articles) VALUES ('optimize')")  # one segment
    base.commit()


def translate(line):
    """The query in FTS5's language; None where it has none like it."""
    query = rival.Query(line)
    if bool(query.must) == bool(query.may):
        return None
    quoted = ['"' + " ".join(clause) + '"' for clause in query.must + query.may]
    positive = (" AND " if query.must else " OR ").join(quoted)
    return f"({positive})" + "".join(f' NOT "{" ".join(clause)}"' for clause in query.must_not)


def serve(path):
    base = sqlite3.connect(f"file:{path}?mode=ro", uri=True)

    def answer(command, line):
        query = translate(line) if command in STATEMENTS else None
        if query is None:
            return None
        rows = base.execute(STATEMENTS[command], (query,)).fetchall()
        if command == "IDS_10":
            return ",".join(f"{id}:{score:.4f}" for id, score in rows)
        return rows[0][0] if command == "COUNT" else len(rows)

    rival.serve(answer)


def version():
    print(f"SQLite {sqlite3.sqlite_version}")


if __name__ == "__main__":
    rival.main(__doc__, index=index, serve=serve, version=version)
