"""A second evaluator of product documents, written from docs/products.md alone: slow, simple, for comparison.

Where the page leaves something open, it reads:
- a plan that is asked for stands in the place of the answer to `payment.question`, where that is asked and answered
- a plan the document doesn't have is an error at `plan`, beside wrong answers
- an answer to a question that is undecided (what it needs is missing or wrong) is no error
- `null` for a key that no question has is an error
- an error of a question's own `when` is told beside the other errors
- a check at a field looks at the records only where the whole list is right
- digits before and behind the point are counted by value: `1.0` is an integer, `100.000` an amount
- without `division` a plan is divided cumulatively
"""
