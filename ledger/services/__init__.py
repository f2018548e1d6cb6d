from ledger.drafts import Draft, credit, debit
from ledger.roles import Role
from ledger.services.books import open_books
from ledger.services.folding import fold
from ledger.services.matching import Match, Matching, allocate, allocate_all, allocate_many, take_back
from ledger.services.posting import Posted, Posting, post, post_many
from ledger.services.reversing import reverse

__all__ = [
    "Draft", "Match", "Matching", "Posted", "Posting", "Role", "allocate", "allocate_all", "allocate_many", "credit",
    "debit", "fold", "open_books", "post", "post_many", "reverse", "take_back",
]  # fmt: skip
