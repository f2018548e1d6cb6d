"""Long proofs: each module is one, run by `bin/proof NAME`; its result is written to docs/proofs.md."""
