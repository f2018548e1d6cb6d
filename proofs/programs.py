"""bin/proof programs: 100,000 random formulas and 5,000 randomly changed documents through the product language.

Each formula is refused by the named error, has the named error of a calculation, or gives a value within its bounds for
no more steps than it was charged; each document is refused with paths or evaluated. Nothing else comes out, and none
takes a second.
"""

import argparse
import json
import os
import sys
import time
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from products.language import compile_definition  # noqa: E402
from products.language.limits import STEPS  # noqa: E402
from proofs._record import keep_result  # noqa: E402
from tests.products.language.evaluator import run_for, scope_of  # noqa: E402
from tests.products.language.programs import AS_OF, every_fragment, run_documents, run_programs  # noqa: E402


def main(arguments: list[str]) -> int:
    """Run the proof, print its result as one JSON object and keep it; 0 where all is as it should be."""
    parser = argparse.ArgumentParser(prog="bin/proof programs", description=__doc__)
    parser.add_argument("--programs", type=int, default=100_000)
    parser.add_argument("--documents", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=20270102)
    asked = parser.parse_args(arguments)
    result = prove(asked.programs, asked.documents, asked.seed)
    print(json.dumps(result), flush=True)
    if (asked.programs, asked.documents) == (100_000, 5_000):
        keep_result("programs", result)
    return 0 if result["ok"] else 1


def prove(programs: int, documents: int, seed: int) -> dict[str, Any]:
    """The figures; an escape ends the proof with its traceback."""
    began = time.monotonic()
    document, answers = every_fragment()
    product = compile_definition(document)
    base = run_for(product, answers, as_of=AS_OF)
    for name in product.computed:
        base.has(name)
    formulas = run_programs(seed, programs, scope_of(product), base)
    changed = run_documents(seed, documents, document, answers)
    slowest = max(formulas.slowest, changed.slowest)
    return {
        "formulas": programs,
        **{f"formulas: {name}": count for name, count in sorted(formulas.counts.items())},
        "changed documents": documents,
        **{f"documents: {name}": count for name, count in sorted(changed.counts.items())},
        "escapes": 0,
        "most steps of one formula": formulas.most_steps,
        "slowest in milliseconds": round(slowest * 1000),
        "ok": slowest < 1 and formulas.most_steps <= STEPS,
        "seconds": round(time.monotonic() - began),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
