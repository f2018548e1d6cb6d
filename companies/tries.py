"""When a job that failed is tried again: quickly at first, then at most so far apart, until a person must look."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Tries:
    """How often a kind of job is tried, and how many seconds lie between two tries at most."""

    most: int
    apart: int

    def wait(self, failed: int) -> timedelta:
        """How long to wait after so many failed tries: 1, 2, 4 ... seconds."""
        return timedelta(seconds=min(2 ** (failed - 1), self.apart))

    @property
    def whole(self) -> timedelta:
        """From the first try to the last."""
        return sum((self.wait(failed) for failed in range(1, self.most)), timedelta())


USUAL = Tries(most=12, apart=600)  # 27 minutes: what fails by our own fault won't mend by itself
PATIENT = Tries(most=60, apart=1800)  # 24 hours and a half: others' servers may be away over a night
