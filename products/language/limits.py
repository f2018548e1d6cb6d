"""The bounds within which definitions, formulas and evaluations stay (DESIGN section 4 "Untrusted input", traps 17)."""

DOCUMENT_BYTES = 4_000_000  # a definition as a file
DOCUMENT_DEPTH = 24  # objects and lists inside each other
DOCUMENT_NODES = 400_000  # values in a document
TEXT_CHARACTERS = 10_000  # one text of a definition
FORMULA_CHARACTERS = 4_000
FORMULA_TOKENS = 1_500
FORMULA_DEPTH = 40  # brackets and branches inside each other
FORMULA_HEIGHT = 120  # operations inside each other: the terms of a sum count one by one
LITERAL_DIGITS = 20  # digits of a number in a formula, a cell or an answer
ANSWER_DIGITS = 15  # digits before the point of an answer
ANSWER_DECIMALS = 10
PRECISION = 34  # significant digits of every calculation
EXPONENT = 30  # results beyond 1e30, or tinier than 1e-30 and not zero, are refused
STEPS = 250_000  # formula nodes and table rows one evaluation may visit
CASE_STEPS = 20_000_000  # all worked cases of a document together
PROBLEMS = 200  # mistakes of one document that are told
TEXT_PLACES = 20  # values in braces in one text
TEXT_VALUE = 200  # characters of a value put into a text
RECORDS = 200  # records in one list
RECORDS_ASKED = 50  # unless the list says otherwise
FILES = 20  # in one answer
FILE_BYTES = 50_000_000
ANSWERS = 2_000  # entries in one set of answers
TABLE_COMBINATIONS = 1_000_000  # combinations of table cells looked at when a product is checked
TABLE_FIRSTS = 20_000  # combinations whose first row is kept, so that a look-up is one step
