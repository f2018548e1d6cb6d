"""What was reviewed: unique rules that don't lead with the company, and ids without a key, each with its reason."""

UNIQUE_WITHOUT_COMPANY = {
    "companies_founding_made_id_key": "a company was set up by one company alone; companies are global",
    "companies_protocol_group_id_key": "a group belongs to one protocol of one company; groups are global",
}

# Ids that stand without a key, and why; a test finds every other one.
WHO_WROTE_IT = "who wrote the row, taken from the context behind the wall"
OF_ITS_ROW = "copied by a guard from a row that has the key; no door reads or writes an entry"
PLAIN_IDS = {
    ("companies_command", "link_id"): WHO_WROTE_IT,
    ("companies_command", "membership_id"): WHO_WROTE_IT,
    ("relations_merge", "event_id"): "a row of the party's history, which has no keys",
    ("relations_searchentry", "adviser_id"): OF_ITS_ROW,
    ("relations_searchentry", "case_id"): OF_ITS_ROW,
    ("relations_searchentry", "party_id"): OF_ITS_ROW,
    ("relations_searchentry", "subject_id"): OF_ITS_ROW,
    ("companies_trailentry", "job_id"): WHO_WROTE_IT,
    ("companies_trailentry", "link_id"): WHO_WROTE_IT,
    ("companies_trailentry", "membership_id"): WHO_WROTE_IT,
    ("companies_trailentry", "subject_id"): "a row of any table, found by the company and the kind beside it",
    ("ledger_allocation", "job_id"): WHO_WROTE_IT,
    ("ledger_allocation", "link_id"): WHO_WROTE_IT,
    ("ledger_allocation", "membership_id"): WHO_WROTE_IT,
    ("ledger_delta", "party_id"): "a sum of lines, whose party has a key; no door writes one",
    ("ledger_entry", "job_id"): WHO_WROTE_IT,
    ("ledger_entry", "link_id"): WHO_WROTE_IT,
    ("ledger_entry", "membership_id"): WHO_WROTE_IT,
    ("ledger_openitem", "party_id"): "its line's party, which has a key; sec.entry_whole refuses another",
    ("ledger_total", "party_id"): "a sum of lines, whose party has a key; no door writes one",
}
