"""Companies, their people and rights, and the wall between them.

Owns companies, users, memberships, modules, parts and rights, protocols, the trail, number series, links, commands,
and jobs (the outbox). Every other room stands on it.
"""
