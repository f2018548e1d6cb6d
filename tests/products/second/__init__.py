"""A second evaluator of product documents, written from docs/products.md alone: slow, simple, for comparison.

Where the page leaves something open, it reads:
- a plan that is asked for stands in the place of the answer to `payment.question`, where that is asked and answered
- a plan the document doesn't have is an error at `plan`, beside wrong answers; one that isn't there for these answers
  is an error at `plan`, or at the answer that chose it
- an answer to a question that is undecided (what it needs is missing or wrong) is no error
- `null` for a key that no question has is an error; no file at all is no answer where files may be left out
- an error of a question's own `when` stands at its answer, beside the other errors; `no_edition` at `editions`
- digits before and behind the point are counted by value: `1.0` is an integer, `100.000` an amount; an
  amount has at most 12 before it, in an answer too
- a year has four digits, a code only characters that can be seen, a file a name of such characters and a byte at least
- without `division` a plan is divided cumulatively; a deposit is a whole number from 1 to below the number of payments
- an error in a computed value stands at the formula that needed it, and `default` doesn't stand in for it
- an error in a step's `when`, component, tax or total stands at the step; in a due day or deposit at the plan
- the values behind `in` are worked out as far as the first that is equal
- `brackets` takes the end of the last range as inside, also with `until`
- another plan is never refused for a contradiction, a rule of acceptance or `not_rated` that its key would bring about
"""
