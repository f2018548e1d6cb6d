from ledger.models.books import Account, Journal
from ledger.models.entries import Entry, JournalHead, Line, Seal
from ledger.models.items import Allocation, OpenItem
from ledger.models.totals import Delta, Total

__all__ = ["Account", "Allocation", "Delta", "Entry", "Journal", "JournalHead", "Line", "OpenItem", "Seal", "Total"]
