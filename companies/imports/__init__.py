"""Taking data over from an old system: read a file, try it without writing, import it line by line (S2-13).

Rooms above say what they import by a `Kind` (companies.imports.kinds); docs/imports.md is for those who do it.
"""
