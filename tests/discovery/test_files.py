"""Paths as discovery takes them apart."""

from __future__ import annotations

import pytest

from cibcheck.discovery.files import below, is_sysconfig_path


@pytest.mark.parametrize(
    ("path", "folder", "way"),
    [
        ("/a/b/c.xml", "/a", "b/c.xml"),
        ("/a", "/a", ""),
        ("/a", "/", "a"),
        ("/", "/", ""),
        ("/a/bc/d", "/a/b", None),
        ("/a", "/a/b", None),
        ("/b", "/a", None),
    ],
)
def test_what_lies_below_a_folder_has_a_way_from_it(path: str, folder: str, way: str | None) -> None:
    assert below(path, folder) == way


@pytest.mark.parametrize(
    "name", ["etc/sysconfig//pacemaker", "sysconfig/./pacemaker", "n1/default/pacemaker", "n1.pacemaker.env"]
)
def test_a_sysconfig_file_is_known_however_its_path_is_written(name: str) -> None:
    assert is_sysconfig_path(name)
    assert not is_sysconfig_path(f"{name}/x")
