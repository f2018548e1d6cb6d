"""A second evaluator of product documents, written from docs/products.md alone: slow, simple, for comparison.

Where the page leaves something open, it reads:
- a code's and a file name's characters that can be seen are those that can be printed
- another plan is never refused for a contradiction, a rule of acceptance or `not_rated` that its key would bring about
"""
