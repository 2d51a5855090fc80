import hashlib
import threading
from pathlib import Path

import pytest

from local_services import artifacts
from local_services.cache import CHECKSUMS, Cache, sha256, stamp
from local_services.console import TroubleError


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    sums = tmp_path / "checksums.txt"
    sums.write_text(f"{hashlib.sha256(b'good').hexdigest()}  thing.jar\n", encoding="ascii")
    return Cache(tmp_path / "cache", sums)


def fetching(content: bytes):
    def fetch(folder: Path) -> Path:
        (folder / "fetched").write_bytes(content)
        return folder / "fetched"

    return fetch


def unreachable(_folder: Path) -> Path:
    raise AssertionError("it was fetched although it was there")


def test_a_file_with_the_right_sum_is_kept(cache: Cache) -> None:
    path = cache.download("thing.jar", fetching(b"good"))

    assert path.read_bytes() == b"good"
    assert cache.download("thing.jar", unreachable) == path


def test_a_file_with_another_sum_is_refused_and_not_kept(cache: Cache) -> None:
    with pytest.raises(TroubleError, match=r"thing\.jar is not the file"):
        cache.download("thing.jar", fetching(b"evil"))

    assert not (cache.downloads / "thing.jar").exists()


def test_a_file_changed_in_the_cache_is_fetched_again(cache: Cache) -> None:
    cache.download("thing.jar", fetching(b"good")).write_bytes(b"evil")

    assert cache.download("thing.jar", fetching(b"good")).read_bytes() == b"good"


def test_a_file_without_a_sum_in_the_repository_is_not_used(cache: Cache) -> None:
    with pytest.raises(TroubleError, match="no SHA-256"):
        cache.download("other.jar", fetching(b"good"))


def test_a_build_that_fails_leaves_nothing_behind(cache: Cache) -> None:
    def build(place: Path) -> None:
        (place / "half").write_bytes(b"x")
        raise TroubleError("No compiler.")

    with pytest.raises(TroubleError, match="No compiler"):
        cache.built("program", build)

    assert not [path for path in cache.root.iterdir() if path.is_dir()]


def test_two_starts_at_once_build_once(cache: Cache) -> None:
    builds: list[Path] = []
    both = threading.Barrier(2)

    def build(place: Path) -> None:
        builds.append(place)
        (place / "binary").write_bytes(b"x")

    def start() -> None:
        both.wait()
        cache.built("program", build)

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(builds) == 1
    assert (cache.root / "program" / "binary").read_bytes() == b"x"


def test_every_artifact_has_its_sum_in_the_repository() -> None:
    names = {line.split("  ")[1] for line in CHECKSUMS.read_text(encoding="ascii").splitlines()}

    assert names == {artifact.filename for artifact in artifacts.ALL}


def test_a_stamp_changes_with_a_file_and_with_the_order(tmp_path: Path) -> None:
    file = tmp_path / "source"
    file.write_text("one", encoding="ascii")
    first = stamp(file, "x")

    assert stamp("x", file) != first
    file.write_text("two", encoding="ascii")
    assert stamp(file, "x") != first
    assert len(sha256(file)) == 64
