"""The Case and its papers: rendered documents, archived by hash; the quotation file is the policy file."""
