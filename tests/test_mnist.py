import gzip
import hashlib
import struct
from pathlib import Path

import numpy as np
import pytest

from course_utils.data import DataError, mnist
from course_utils.data import mnist as mnist_function
from course_utils.data.mnist import FILES, read_idx


def write_idx(path: Path, array: np.ndarray) -> Path:
    header = b"\0\0\x08" + bytes([array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    path.write_bytes(gzip.compress(header + array.astype(np.uint8).tobytes()))
    return path


def test_an_idx_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    images = np.random.default_rng(0).integers(0, 256, (5, 4, 3))
    np.testing.assert_array_equal(read_idx(write_idx(tmp_path / "images.gz", images)), images)


def test_the_real_files_are_read(real_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_DATA_DIR", str(real_data))
    found = mnist()
    assert found.x.shape == (10_000, 784)
    assert found.labels.bincount().tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    raw = gzip.decompress((real_data / "mnist" / "t10k-images-idx3-ubyte.gz").read_bytes())
    np.testing.assert_allclose(
        found.x[123].numpy(), np.frombuffer(raw[16 + 123 * 784 : 16 + 124 * 784], np.uint8) / 255
    )


def test_a_truncated_file_says_so(tmp_path: Path) -> None:
    path = write_idx(tmp_path / "images.gz", np.zeros((50, 9, 9)))
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match=r"images\.gz is truncated or damaged .* Delete it"):
        read_idx(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"hello world", "not an IDX file of unsigned bytes: it starts with .68 65 6c 6c"),
        (b"\0\0\x08\x03\0\0", "ends within its header of 3 dimensions"),
        (b"\0\0\x08\x01\0\0\0\x05abc", "holds 3 values, its header says 5"),
        (b"", "not an IDX file"),
    ],
)
def test_another_content_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "labels.gz"
    path.write_bytes(gzip.compress(content))
    with pytest.raises(DataError, match=message):
        read_idx(path)


def test_what_is_no_gzip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "labels.gz"
    path.write_bytes(b"<html>not found</html>")
    with pytest.raises(DataError, match="truncated or damaged"):
        read_idx(path)


def test_images_and_labels_of_different_length_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mnist").mkdir()
    files = {}
    for kind, array in {"images": np.zeros((5, 28, 28)), "labels": np.zeros(4)}.items():
        path = write_idx(tmp_path / "mnist" / f"{kind}.gz", array)
        files[kind] = (path.name, hashlib.md5(path.read_bytes()).hexdigest())
    monkeypatch.setitem(FILES, "t10k", files)
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path))
    with pytest.raises(ValueError, match=r"labels of shape \(4,\) for 5 examples"):
        mnist_function()


def test_an_unknown_part_lists_the_known_ones() -> None:
    with pytest.raises(ValueError, match="t10k"):
        mnist(part="validation")
