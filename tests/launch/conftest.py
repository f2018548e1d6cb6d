"""One cluster for the launcher's tests, apart from the one that the test run itself uses."""

from collections.abc import Iterator

import pytest

from config.launch.cluster import Cluster


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    for path in (folder, *folder.parents[:2]):
        path.chmod(0o755)  # pytest closes its folders to others; the servers' account must pass
    cluster = Cluster(folder / "var", test=True)
    cluster.start()
    yield cluster
    cluster.stop(anyway=True)
