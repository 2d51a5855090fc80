"""The pure rules of media: states, sizes of parts, verdicts, types, who may."""

import uuid

import pytest

from core.errors import ConflictError
from media import file_types
from media.models import ObjectState, UploadState
from media.policies import may_see_state, may_upload
from media.store import Part
from media.transitions import OBJECT, UPLOAD, ForbiddenTransitionError, next_object_state
from media.uploads import MOST_PARTS, SMALLEST_PART, check_parts, part_size_for, part_sizes
from media.verdicts import Rejection
from media.verification import Measurement, judge, measure
from members.models import Role
from members.viewer import ANONYMOUS, Viewer

GIB = 1024**3


def test_every_state_has_its_row():
    assert set(OBJECT) == set(ObjectState)
    assert set(UPLOAD) == set(UploadState)


def test_a_verdict_is_final_but_that_the_store_may_lose_a_file_and_have_it_again():
    allowed = {(ObjectState.VERIFIED, ObjectState.LOST), (ObjectState.LOST, ObjectState.VERIFIED)}
    for then in ObjectState:
        for now in (ObjectState.VERIFIED, ObjectState.REJECTED, ObjectState.ABANDONED, ObjectState.LOST):
            if (now, then) in allowed:
                assert next_object_state(now, then) == then
                continue
            with pytest.raises(ForbiddenTransitionError):
                next_object_state(now, then)


@pytest.mark.parametrize("size", [1, SMALLEST_PART, SMALLEST_PART + 1, GIB, 20 * GIB, 200 * GIB])
def test_parts_add_up_and_are_never_too_many(size):
    sizes = part_sizes(size, part_size_for(size))
    assert sum(sizes) == size
    assert len(sizes) <= MOST_PARTS
    assert all(part >= 5 * 1024**2 for part in sizes[:-1])


@pytest.mark.parametrize(
    ("lying", "named"),
    [([1, 2, 3], None), ([1, 3], "2"), ([], "1, 2, 3"), ([1, 2], "3")],
)
def test_missing_parts_are_named(lying, named):
    sizes = {1: 10, 2: 10, 3: 5}
    parts = [Part(number, "x", sizes[number]) for number in lying]
    if named is None:
        check_parts(parts, 25, 10, {})
        return
    with pytest.raises(ConflictError) as missing:
        check_parts(parts, 25, 10, {})
    assert f" {named} " in str(missing.value)


def test_a_part_of_the_wrong_size_counts_as_missing():
    with pytest.raises(ConflictError):
        check_parts([Part(1, "x", 10), Part(2, "x", 9)], 20, 10, {})


def test_a_part_with_another_etag_than_the_store_gave_counts_as_missing():
    parts = [Part(1, '"a"', 10), Part(2, '"b"', 10)]
    check_parts(parts, 20, 10, {1: '"a"', 2: "b"})
    check_parts(parts, 20, 10, {1: '"a"'})
    with pytest.raises(ConflictError, match="Part 2 "):
        check_parts(parts, 20, 10, {1: '"a"', 2: '"c"'})


@pytest.mark.parametrize(
    ("found", "sha256", "verdict"),
    [
        (Measurement(10, "a", "application/pdf"), "", None),
        (Measurement(10, "a", "application/pdf"), "a", None),
        (Measurement(10, "a", "image/svg+xml"), "", None),
        (Measurement(0, "a", "application/x-empty"), "", Rejection.EMPTY),
        (Measurement(9, "a", "application/pdf"), "a", Rejection.SIZE),
        (Measurement(10, "a", "application/pdf"), "b", Rejection.CHECKSUM),
        (Measurement(10, "a", "text/html"), "", Rejection.TYPE),
        (Measurement(10, "a", "application/x-sharedlib"), "", Rejection.TYPE),
        (Measurement(10, "a", file_types.VIRUS_TEST), "", Rejection.MALWARE),
        (Measurement(10, "a", "application/octet-stream"), "", Rejection.TYPE),
    ],
)
def test_verdicts(found, sha256, verdict):
    assert judge(found, declared_size=10, declared_sha256=sha256) == verdict


def test_a_site_may_allow_more_types(settings):
    assert not file_types.is_allowed("application/vnd.geogebra.file")
    settings.UPLOAD_MORE_TYPES = ["application/vnd.geogebra.file"]
    assert file_types.is_allowed("application/vnd.geogebra.file")
    settings.UPLOAD_REFUSED_TYPES = ["application/x-tar"]
    assert not file_types.is_allowed("application/x-tar")


def test_endings_that_promise_what_is_not_taken_are_warned_of_unless_the_site_takes_them(settings):
    assert {"exe", "html", "rar"} <= set(file_types.unlikely_extensions())
    settings.UPLOAD_MORE_TYPES = ["application/x-rar"]
    assert "rar" not in file_types.unlikely_extensions()


def test_only_what_runs_nothing_is_shown_inline():
    shown = {name for name, kind in file_types.FILE_TYPES.items() if kind.inline}
    assert {name.split("/")[0] for name in shown} == {"image", "video", "audio"}
    assert "image/svg+xml" not in shown


@pytest.mark.parametrize(
    ("head", "name", "found"),
    [
        (b"%PDF-1.7\n", "x.png", "application/pdf"),
        (b"<html><body>", "x.pdf", "text/html"),
        (b"\n <script>alert(1)</script>", "x.txt", "text/html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "x.png", "image/svg+xml"),
        (b"#!/bin/sh\n", "x.txt", "text/x-shellscript"),
        (b"@echo off\r\ndel *\r\n", "x.txt", "text/x-msdos-batch"),
        (b"Ein einfacher Text.\n", "x.exe", "text/plain"),
        ("这是一个测试。\n".encode(), "x", "text/plain"),
        ("这是一个测试。\n".encode("utf-16"), "x", "text/plain"),
        (b"\x7fELF" + bytes(200), "x.txt", "application/octet-stream"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "slides.ppt", "application/vnd.ms-powerpoint"),
        (b"", "x.pdf", "application/x-empty"),
    ],
)
def test_types_are_found_by_content(head, name, found):
    assert file_types.detect(head, name) == found


def test_measuring_reads_once_and_needs_only_the_beginning_for_the_type():
    blocks = iter([b"%PDF-1.7\n", b"x" * 1000, b""])
    found = measure(blocks, "x")
    assert (found.size, found.content_type) == (1009, "application/pdf")
    assert list(blocks) == []


def test_who_may():
    ours, theirs = uuid.uuid4(), uuid.uuid4()

    def viewer(*roles, institution=ours):
        return Viewer(user_id=uuid.uuid4(), institution_id=institution, roles=frozenset(roles))

    assert may_upload(viewer(Role.CONTRIBUTOR), ours)
    assert may_upload(viewer(Role.MANAGER), ours)
    assert not may_upload(viewer(Role.CONTRIBUTOR), theirs)
    assert not may_upload(viewer(), ours)
    assert not may_upload(viewer(Role.CURATOR, Role.SECRETARIAT), ours)
    assert not may_upload(Viewer(user_id=uuid.uuid4(), is_superuser=True), ours)
    assert not may_upload(ANONYMOUS, ours)
    assert may_see_state(viewer(), ours)
    assert may_see_state(viewer(Role.CURATOR, institution=theirs), ours)
    assert not may_see_state(viewer(Role.MANAGER, institution=theirs), ours)
    assert not may_see_state(ANONYMOUS, ours)
