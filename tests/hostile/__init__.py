"""The hostile corpus: texts, files and papers that nobody means well with, and who sends them where (threats A6, A7).

A sample runs in the suite; `bin/proof hostile` runs the whole of it, by `WHOLE`.
"""

import os

WHOLE = os.environ.get("POLISDESK_HOSTILE") == "whole"
