"""Applications: what a customer or adviser fills in, kept as it was submitted."""
