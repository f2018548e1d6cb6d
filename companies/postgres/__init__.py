"""Django's PostgreSQL engine with one thing more: foreign keys inside a company are composite, (company_id, id).

A foreign key ignores row security, so a plain one would let a row of one company point at a row of another. The
schema editor sees every table and every key, whichever migration adds it, so that none is forgotten.
"""
