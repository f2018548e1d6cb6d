"""The books: accounts, journals, entries, open items and what is made of them. docs/ledger.md explains the
mechanism."""
