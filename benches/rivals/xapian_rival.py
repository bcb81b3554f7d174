#!/usr/bin/python3
"""Xapian, to race against: xapian_rival.py index ARTICLES.jsonl FOLDER | serve FOLDER | version

Install it: apt-get install python3-xapian
It is for Debian's own Python, and no other. Snippets by its own snippet()."""
import os
import shutil

import xapian

import rival

FRAGMENT = 150  # bytes; as long as tantivy's
LIMITS = {"TOP_10": 10, "TOP_100": 100, "TOP_10_SNIPPET": 10, "IDS_10": 10}


def index(articles, folder):
    loose = folder + ".loose"
    base = xapian.WritableDatabase(loose, xapian.DB_CREATE_OR_OVERWRITE)
    generator = xapian.TermGenerator()
    generator.set_stemming_strategy(xapian.TermGenerator.STEM_NONE)
    for name, text in rival.articles(articles):
        document = xapian.Document()
        generator.set_document(document)
        generator.set_termpos(0)
        # Its own tokenizer keeps words like U.S. and don't whole, so it gets them cut as the other engines do.
        generator.index_text(" ".join(rival.tokens(text)))
        document.set_data(name + "\n" + text)
        base.add_document(document)
    base.commit()
    base.compact(folder)
    base.close()
    shutil.rmtree(loose)


def translate(line):
    def clause(words):
        return xapian.Query(xapian.Query.OP_PHRASE, words) if len(words) > 1 else xapian.Query(words[0])

    query = rival.Query(line)
    if bool(query.must) == bool(query.may):
        return None
    operator = xapian.Query.OP_AND if query.must else xapian.Query.OP_OR
    found = xapian.Query(operator, [clause(words) for words in query.must + query.may])
    for words in query.must_not:
        found = xapian.Query(xapian.Query.OP_AND_NOT, found, clause(words))
    return found


def serve(folder):
    base = xapian.Database(os.path.abspath(folder))
    every = base.get_doccount()
    # k1, k2, k3, b, and the least length that it takes a document for
    bm25 = xapian.BM25Weight(1.2, 0, 1, 0.75, 0)

    def answer(command, line):
        query = translate(line)
        if query is None or command not in LIMITS and command != "COUNT":
            return None
        enquire = xapian.Enquire(base)
        enquire.set_query(query)
        if command == "COUNT":
            enquire.set_weighting_scheme(xapian.BoolWeight())
            # Told to look at all, its estimate is exact.
            return enquire.get_mset(0, 0, every).get_matches_estimated()
        enquire.set_weighting_scheme(bm25)
        hits = enquire.get_mset(0, LIMITS[command])
        if command == "TOP_10_SNIPPET":
            return sum(len(hits.snippet(stored(hit)[1], FRAGMENT)) for hit in hits)
        if command == "IDS_10":
            return ",".join(f"{stored(hit)[0].decode()}:{hit.weight:.4f}" for hit in hits)
        return hits.size()

    rival.serve(answer)


def stored(hit):
    """The id and the text, in bytes."""
    return hit.document.get_data().split(b"\n", 1)


def version():
    print(f"Xapian {xapian.version_string()}")


if __name__ == "__main__":
    rival.main(__doc__, index=index, serve=serve, version=version)
