"""What `bin/check translations` runs: python -m config.translations FOLDER."""

import sys
from pathlib import Path

from config.translations import check

sys.exit(0 if check(Path(sys.argv[1])) else 1)
