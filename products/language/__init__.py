"""The product language: a product is one document, checked when it is loaded and evaluated with its whole trace.

Plain Python without tables (DESIGN section 5); `docs/products.md` explains the document construct by construct.
"""

from products.language.answers import ask, fill_system_answers, read_answer
from products.language.build import compile_definition
from products.language.commands import check, quote, quoted, run_cases
from products.language.entries import read_form
from products.language.errors import DefinitionError, Problem
from products.language.evaluate import decide, evaluate, problems, refused_plan
from products.language.product import Product
from products.language.reading import canonical, fingerprint, read_document
from products.language.result import Evaluation, to_json
from products.language.schema import HEADINGS, json_schema
from products.language.texts import labelled

__all__ = [
    "HEADINGS",
    "DefinitionError",
    "Evaluation",
    "Problem",
    "Product",
    "ask",
    "canonical",
    "check",
    "compile_definition",
    "decide",
    "evaluate",
    "fill_system_answers",
    "fingerprint",
    "json_schema",
    "labelled",
    "quote",
    "quoted",
    "problems",
    "read_answer",
    "read_document",
    "read_form",
    "refused_plan",
    "run_cases",
    "to_json",
]
