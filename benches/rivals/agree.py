#!/usr/bin/env python3
"""Tells how far engines find the same as the first of them, in a Markdown table.

    agree.py QUERIES NAME='COMMAND ...' NAME='COMMAND ...'

The arguments are race.py's. Engines that rank by the same formula differ where they cut words differently, and where hits of
one score change places, and where they round lengths; much less than nine in common of ten is a reason to look."""
import race


def agreement(first, other):
    """The cells of a row, from the answers of two engines by command and query; None where an engine has none."""
    counts = [(int(mine), int(its)) for mine, its in both(first["COUNT"], other["COUNT"])]
    hits = [(ids(mine), ids(its)) for mine, its in both(first["IDS_10"], other["IDS_10"])]
    hits = [(mine, its) for mine, its in hits if mine]
    cells = ["-", "-"]
    if counts:
        same = sum(mine == its for mine, its in counts)
        cells = [f"{same} of {len(counts)}", f"{max(abs(mine - its) / max(mine, 1) for mine, its in counts):.1%}"]
    if not hits:
        return cells + ["-", "-"]
    common = sum(len(set(mine) & set(its)) / len(mine) for mine, its in hits) / len(hits)
    same = sum(mine[:1] == its[:1] for mine, its in hits)
    return cells + [f"{common:.0%} of {len(hits)} queries' hits", f"{same} of {len(hits)}"]


def both(mine, its):
    return [(mine[query], its[query]) for query in mine if mine[query] is not None and its[query] is not None]


def ids(answer):
    """The ids of `id:score,id:score`."""
    return [hit.rpartition(":")[0] for hit in answer.split(",")] if answer else []


def answers(engine, queries):
    asked = {command: {query: engine.ask(command, query) for _, query in queries} for command in ("COUNT", "IDS_10")}
    return {command: {query: got and got[0] for query, got in of.items()} for command, of in asked.items()}


def main():
    args = race.arguments(__doc__).parse_args()
    first, *others = args.engines
    mine = answers(first, args.queries)
    print(f"| engine | counts like {first.name}'s | largest difference | ten best in common | same first hit |")
    print("|---|---|---|---|---|")
    for other in others:
        print("| " + " | ".join([other.name] + agreement(mine, answers(other, args.queries))) + " |")


if __name__ == "__main__":
    main()
