"""bin/proof second_evaluator: 10,000 random answer sets for each product of the catalogue, by both evaluators.

Beside them 1,000 for each of the page's two documents, and 500 documents with random formulas, five answer sets each.

The second one is written from docs/products.md alone; both must agree in everything that is told, and what comes out is
counted, so that a comparison that never prices, refers, declines or refuses shows.
"""

import argparse
import json
import os
import sys
import time
from collections import Counter
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from proofs._record import keep_result  # noqa: E402
from tests.products.second.compare import compare_many, compare_programs  # noqa: E402
from tests.products.second.documents import catalogue, documents  # noqa: E402

EXPECTED = ("accepted", "referred", "declined", "in error", "priced", "not rated", "plan refused")


def main(arguments: list[str]) -> int:
    """Run the proof, print its result as one JSON object and keep it; 0 where all is as it should be."""
    parser = argparse.ArgumentParser(prog="bin/proof second_evaluator", description=__doc__)
    parser.add_argument("--answers", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=20270103)
    asked = parser.parse_args(arguments)
    result = prove(asked.answers, asked.seed)
    print(json.dumps(result), flush=True)
    if asked.answers == 10_000:
        keep_result("second_evaluator", result)
    return 0 if result["ok"] else 1


def prove(answers: int, seed: int) -> dict[str, Any]:
    """The figures; the first difference ends the proof and is told with its answers."""
    began, whole = time.monotonic(), Counter[str]()
    result: dict[str, Any] = {"answer sets for each product": answers}
    products = catalogue()
    for key, document in documents().items():
        found = compare_many(document, seed, answers if key in products else answers // 10)
        whole.update(found)
        result |= {f"{key}: {name}": found[name] for name in EXPECTED if found[name]}
    programs = compare_programs(seed, answers // 20, 5)
    result |= {"documents with random formulas": answers // 20}
    result |= {
        f"random formulas: {name}": programs[name] for name in ("refused", "special", *EXPECTED) if programs[name]
    }
    return {
        **result,
        "differences": 0,
        "ok": all(whole[name] and (programs[name] or name == "not rated") for name in EXPECTED),
        "seconds": round(time.monotonic() - began),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
