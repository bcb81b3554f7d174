"""What the engines in Python share: the articles, their tokens, the language of the queries, and the lines of race.py."""
import json
import re
import sys
import time

WORD = re.compile(r"[^\W_]+")
CLAUSE = re.compile(r'([+-]?)(?:"([^"]*)"|(\S+))')


def articles(path):
    """Pairs of an id and a text, which is the title, an empty line and the body."""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            yield article["id"], article["title"] + "\n\n" + article["body"]


def tokens(text):
    """Runs of letters and digits, in lower case."""
    return WORD.findall(text.lower())


class Query:
    """A query's clauses, by whether an article must have, may have or must not have them; each is the tokens of a phrase."""

    def __init__(self, line):
        clauses = {"+": [], "": [], "-": []}
        for sign, phrase, word in CLAUSE.findall(line):
            clauses[sign].append(tokens(phrase or word))
        self.must, self.may, self.must_not = clauses.values()

    def is_plain(self):
        """Whether every clause is one word, and either all must be there or all may."""
        return not self.must_not and bool(self.must) != bool(self.may) and all(len(clause) == 1 for clause in self.must + self.may)


def serve(answer):
    """Answers the lines of standard input by answer(command, query line), where None is for what the engine does not have."""
    for line in sys.stdin:
        command, _, query = line.rstrip("\n").partition("\t")
        start = time.perf_counter_ns()
        try:
            said = "0" if command == "NOP" else answer(command, query)
        except Exception as error:  # a query that fails must not end the race
            said = "ERROR " + " ".join(str(error).split())
        nanoseconds = time.perf_counter_ns() - start
        print(f"{'UNSUPPORTED' if said is None else said}\t{nanoseconds}", flush=True)


def main(usage, **commands):
    """Runs the command that the arguments name."""
    name, *arguments = sys.argv[1:] or [None]
    command = commands.get(name)
    if not command or command.__code__.co_argcount != len(arguments):
        sys.exit(usage)
    command(*arguments)
