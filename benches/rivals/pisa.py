#!/usr/bin/env python3
"""PISA, to race against: pisa.py index ARTICLES.jsonl FOLDER | serve FOLDER | version

Install it: pip install pyterrier_pisa==0.4.9
It has no positions and no stored text, so no phrases, no snippets, no NOT and no counts."""
import importlib.metadata
import os
from collections import Counter

import rival

BATCH = 10_000
LONGEST = 100
LIMITS = {"TOP_10": 10, "TOP_100": 100, "IDS_10": 10}


def open_index(folder):
    from pyterrier_pisa import PisaIndex

    return PisaIndex(folder, stemmer="none", stops="none", threads=1, batch_size=BATCH)


def index(articles, folder):
    # PISA's own tokenizer is for English in ASCII, so it gets the tokens of the other engines with their counts.
    documents = ({"docno": name, "toks": Counter(rival.tokens(text))} for name, text in rival.articles(articles))
    opened = open_index(folder)
    opened.toks_indexer("toks", scale=1).index(documents)
    opened.bm25(k1=1.2, b=0.75)  # writes the compressed postings and the bounds of their blocks


def serve(folder):
    # The module's own function: the one for data frames takes a thousand times what a query does.
    import numpy
    from pyterrier_pisa import _pisathon

    context = open_index(os.path.abspath(folder)).bm25(k1=1.2, b=0.75)._ctxt
    kinds = {"result_qidxs": numpy.int32, "result_docnos": object, "result_ranks": numpy.int32, "result_scores": numpy.float32}
    results = {name: numpy.empty(LONGEST, dtype=kind) for name, kind in kinds.items()}

    def answer(command, line):
        query = rival.Query(line)
        if command not in LIMITS or not query.is_plain():
            return None
        algorithm = "block_max_ranked_and" if query.must else "block_max_wand"
        words = {word: 1.0 for [word] in query.must + query.may}
        settings = {"k": LIMITS[command], "threads": 1, "pretokenised": 1, "query_weighted": 0}
        found = _pisathon.retrieve(context, algorithm, [(0, words)], **settings, **results)
        if command == "IDS_10":
            return ",".join(f"{results['result_docnos'][i]}:{results['result_scores'][i]:.4f}" for i in range(found))
        return found

    rival.serve(answer)


def version():
    print(f"PISA of pyterrier_pisa {importlib.metadata.version('pyterrier_pisa')}")


if __name__ == "__main__":
    rival.main(__doc__, index=index, serve=serve, version=version)
