"""Fit the weights of select/ranking.py on question sets, and compare them with those in use.

    .venv/bin/python benchmarks/fit_ranking.py [FOLDER ...] [--sample N]

A folder holds corpus.jsonl (documents as `qa-service ingest` takes them) and queries.jsonl (`question`,
`answers` or `gold_sentences`); without folders the public sets of ../shared/eval are used.
Model: a softmax over the candidate sentences of a question (conditional logit, listwise), so that a
question counts once however many candidates it has; label: the sentence holds an answer. Weights are
found by gradient ascent with a small ridge; figures come from five folds by gold document.
The constants in select/ranking.py are set by hand from what this prints, rounded.
"""

import argparse
import json
import random
import string
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa_service.domain.question import Message
from qa_service.select import ranking
from qa_service.settings import load
from qa_service.wiring import Service

PUBLIC = Path(__file__).resolve().parents[2] / "shared" / "eval" / "public"
SETS = ("xquad_en", "squad2_halfdev", "clapnq_dev")
NAMES = ("passage", "bm25", "title", "coverage", "local", "type", "no type", "anaphor", "neighbours", "pairs")
IN_USE = np.array(
    [
        ranking.W_PASSAGE,
        ranking.W_BM25,
        ranking.W_TITLE,
        ranking.W_COVERAGE,
        ranking.W_LOCAL,
        ranking.W_TYPE,
        ranking.W_NO_TYPE,
        ranking.W_ANAPHOR,
        ranking.W_NEIGHBOUR,
        ranking.W_PAIRS,
    ]
)
FOLDS, STEPS, RATE, RIDGE = 5, 400, 0.3, 1e-3


@dataclass
class Case:
    """One question: a row of features a candidate, whether each holds an answer, and its gold document."""

    features: np.ndarray
    right: np.ndarray
    document: str


def folded(text: str) -> str:
    """Letters and digits only, for comparing answers."""
    kept = "".join(c for c in text.lower() if c not in string.punctuation + "“”‘’")
    return " ".join(word for word in kept.split() if word not in {"a", "an", "the"})


def cases(folder: Path, sample: int) -> Iterator[Case]:
    """The answerable questions of a set whose candidates hold an answer."""
    rows = [json.loads(line) for line in (folder / "queries.jsonl").read_text("utf-8").splitlines()]
    rows = [row for row in rows if row.get("answerable", True)]
    random.Random(1).shuffle(rows)  # noqa: S311 - a sample, not a secret
    with tempfile.TemporaryDirectory() as temporary:
        service = Service(load({"QA_STORE": f"sqlite:///{temporary}/store.db"}))
        service.indexing.ingest([folder / "corpus.jsonl"])
        for row in rows[:sample]:
            case = _case(service, row)
            if case is not None:
                yield case
        service.store.close()


def _case(service: Service, row: dict[str, list[str]]) -> Case | None:
    desk = service.answering.desk
    question = desk.understanding.question(Message(text=str(row["question"])))
    ranked = desk.selection.inquiry(question).ranked
    told = [*(row.get("answers") or []), *(row.get("gold_sentences") or [])]
    golds = [gold for gold in map(folded, told) if gold]
    right = np.array([any(_holds(folded(one.view.text), gold) for gold in golds) for one in ranked])
    if not right.any() or right.all():
        return None
    return Case(np.array([_features(one) for one in ranked]), right, str((row.get("gold_ids") or [""])[0]))


def _holds(sentence: str, gold: str) -> bool:
    return gold in sentence or (len(sentence) > 20 and sentence in gold)


def _features(one: ranking.Ranked) -> list[float]:
    parts = dict(zip(ranking.FEATURES, one.parts, strict=True))
    weights = dict(zip(NAMES, IN_USE, strict=True))
    plain = {name: parts[name] / weights[name] for name in NAMES if name in parts}
    plain |= {"type": float(one.typed > 0), "no type": float(one.typed < 0)}
    return [plain[name] for name in NAMES]


def fitted(train: list[Case]) -> np.ndarray:
    """Weights that make the right candidates likeliest; features are scaled while fitting only."""
    scale = np.concatenate([case.features for case in train]).std(axis=0) + 1e-9
    weights = IN_USE * scale
    speed = np.zeros_like(weights)
    for _ in range(STEPS):
        slope = -RIDGE * weights
        for case in train:
            x = case.features / scale
            scores = x @ weights
            odds = np.exp(scores - scores.max())
            among = odds / odds.sum()
            right = odds * case.right / (odds * case.right).sum()
            slope += (right - among) @ x / len(train)
        speed = 0.9 * speed + RATE * slope
        weights = weights + speed
    return weights / scale


def hits(tested: list[Case], weights: np.ndarray, most: int) -> float:
    """The share of questions with a right sentence among the first ``most``."""
    return float(
        np.mean(
            [
                case.right[np.argsort(-(case.features @ weights), kind="stable")[:most]].any()
                for case in tested
            ]
        )
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--sample", type=int, default=500, help="questions of each set (default 500)")
    arguments = parser.parse_args()
    folders = arguments.folders or [PUBLIC / name for name in SETS if (PUBLIC / name).is_dir()]
    if not folders:
        sys.exit("no question sets: name folders, or put ../shared/eval/public beside the project")
    sets = {folder.name: list(cases(folder, arguments.sample)) for folder in folders}
    folds = {name: _folds(found) for name, found in sets.items()}
    learnt = [
        fitted([case for name in sets for n, part in enumerate(folds[name]) if n != fold for case in part])
        for fold in range(FOLDS)
    ]
    coverage = np.array([float(name == "coverage") for name in NAMES])
    print("| set | questions | coverage alone @1 | in use @1 / @3 | fitted, five folds @1 / @3 |")
    print("|---|---|---|---|---|")
    for name, found in sets.items():
        cross = [
            np.mean([hits(part, learnt[n], most) for n, part in enumerate(folds[name])]) for most in (1, 3)
        ]
        print(
            f"| {name} | {len(found)} | {hits(found, coverage, 1):.3f} | {hits(found, IN_USE, 1):.3f} / "
            f"{hits(found, IN_USE, 3):.3f} | {cross[0]:.3f} / {cross[1]:.3f} |"
        )
    print("\n| feature | in use | fitted on all folds' training parts, mean |\n|---|---|---|")
    for place, name in enumerate(NAMES):
        print(f"| {name} | {IN_USE[place]:.1f} | {np.mean([weights[place] for weights in learnt]):.2f} |")


def _folds(found: list[Case]) -> list[list[Case]]:
    documents = sorted({case.document for case in found})
    random.Random(2).shuffle(documents)  # noqa: S311 - folds, not secrets
    place = {document: n % FOLDS for n, document in enumerate(documents)}
    return [[case for case in found if place[case.document] == fold] for fold in range(FOLDS)]


if __name__ == "__main__":
    main()
