"""Both servers of one cluster, shared by every launcher that needs them: the first starts them, the last stops them."""

from pathlib import Path
from types import TracebackType
from typing import IO

from config.launch.locks import alone, hold
from config.launch.places import places
from config.launch.postgres import Postgres
from config.launch.roles import make_roles
from config.launch.valkey import Valkey


class Cluster:
    """PostgreSQL and Valkey with roles and database under `var`.

    Servers found running are used and not started twice. On leaving, they stop unless another launcher uses them or
    somebody asked to keep them (`keep`).
    """

    def __init__(self, var: Path, *, test: bool = False, keep: bool = False) -> None:
        self.places = places(var)
        self.test, self.keep = test, keep
        self.postgres = Postgres(self.places, quick=test)
        self.valkey = Valkey(self.places)
        self._in_use: IO[str] | None = None

    @property
    def _kept(self) -> Path:
        return self.places.root / "keep"

    def start(self) -> None:
        """Have both servers answer, with roles and database as the code says."""
        root = self.places.root
        with alone(root / "starting.lock"):
            started = self.postgres.start()
            try:
                self.valkey.start()
                if started or not (root / "roles").exists():
                    make_roles(self.postgres, test=self.test)
                    (root / "roles").touch()
            except BaseException:
                if started:
                    self.valkey.stop()
                    self.postgres.stop()
                raise
            self._in_use = hold(root / "in-use.lock", shared=True)
            if self.keep:
                self._kept.touch()

    def stop(self, *, anyway: bool = False) -> bool:
        """Let go of the servers; True if they were stopped. `anyway` stops kept servers too."""
        root = self.places.root
        with alone(root / "starting.lock"):
            if self._in_use:
                self._in_use.close()
                self._in_use = None
            if self._kept.exists() and not anyway:
                return False
            last = hold(root / "in-use.lock", shared=False)
            if last is None:
                return False
            with last:
                self._kept.unlink(missing_ok=True)
                self.valkey.stop()
                self.postgres.stop()
            return True

    def __enter__(self) -> "Cluster":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
