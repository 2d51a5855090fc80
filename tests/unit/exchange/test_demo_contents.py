"""What lies in demo/ is whole: it comes in without a single remark."""

from exchange import demo
from exchange.records import read_record


def records():
    contents = demo.read_contents()
    return {slug: [read_record(row) for row in rows] for slug, rows in contents.rows.items()}


def test_every_row_is_read_without_a_remark():
    assert [problem for rows in records().values() for record in rows for problem in record.problems] == []


def test_the_network_is_as_large_and_many_voiced_as_a_visitor_may_expect():
    contents, rows = demo.read_contents(), records()
    editions = [record.data for each in rows.values() for record in each]
    assert len(contents.institutions) == 28
    assert len({institution["country"] for institution in contents.institutions}) == 20
    assert {institution["slug"] for institution in contents.institutions} == set(rows)
    assert len(editions) >= 110
    assert sum(1 for edition in editions if not edition.translation_of) >= 80
    assert len({edition.language for edition in editions}) >= 8
    assert {edition.access for edition in editions} == {"public", "members", "agreement"}


def test_every_reference_leads_to_a_row():
    known = {(slug, record.data.identifier) for slug, each in records().items() for record in each}
    for slug, each in records().items():
        for record in each:
            for reference in filter(None, (record.data.translation_of, record.data.adapted_from)):
                owner, _slash, identifier = reference.rpartition("/")
                assert (owner or slug, identifier) in known


def test_every_file_that_is_named_lies_in_the_folder():
    named = {name for each in records().values() for record in each for name in record.files or ()}
    assert {name for name in named if not (demo.FOLDER / "files" / name).is_file()} == set()


def test_the_rows_with_a_state_for_show_are_there_and_nothing_hangs_on_them():
    rows = records()
    known = {(slug, record.data.identifier) for slug, each in rows.items() for record in each}
    shown = {*demo.WAITING, *demo.SENT_BACK, *demo.WITHDRAWN}
    assert shown <= known
    references = {
        (reference.rpartition("/")[0] or slug, reference.rpartition("/")[2])
        for slug, each in rows.items()
        for record in each
        for reference in (record.data.translation_of, record.data.adapted_from)
        if reference
    }
    assert shown & references == set()
