"""One cluster for the launcher's tests, apart from the one that the test run itself uses."""

from collections.abc import Iterator

import pytest

from config.launch.cluster import Cluster
from tests.folders import servers_folder


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with servers_folder("cluster") as folder:
        cluster = Cluster(folder / "var", test=True)
        cluster.start()
        yield cluster
        cluster.stop(anyway=True)
