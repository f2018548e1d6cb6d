"""Products as data: each version is one document, checked, approved by four eyes, tried in the rehearsal twin, then
live.
"""
