"""A second evaluator of product documents, written from docs/products.md alone: slow, simple, for comparison."""
