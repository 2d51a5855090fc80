"""`manage.py load_demo` with a part of the real demo network."""

import json
import shutil
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from catalogue.models import ResourcePage
from exchange import demo, demo_people
from members.models import Institution, User
from tests.factories.media import ensure_bucket

pytestmark = pytest.mark.django_db

INSTITUTIONS = {account.institution for account in demo_people.ACCOUNTS if account.institution}


@pytest.fixture
def folder(tmp_path, monkeypatch, settings):
    """Demo mode, with those institutions only that have an account, and without translations of others' works."""
    settings.DEMO = True
    ensure_bucket(settings.S3_BUCKET)
    institutions = [
        row
        for path in (demo.FOLDER / "institutions").glob("*.json")
        for row in json.loads(path.read_text(encoding="utf-8"))
        if row["slug"] in INSTITUTIONS
    ]
    for name in ("institutions", "resources", "files"):
        (tmp_path / name).mkdir()
    (tmp_path / "institutions" / "part.json").write_text(json.dumps(institutions), encoding="utf-8")
    for slug in INSTITUTIONS:
        lines = (demo.FOLDER / "resources" / f"{slug}.jsonl").read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if "/" not in json.loads(line).get("translation_of", "")]
        (tmp_path / "resources" / f"{slug}.jsonl").write_text("\n".join(kept), encoding="utf-8")
        for name in (name for line in kept for name in json.loads(line).get("files", [])):
            shutil.copy(demo.FOLDER / "files" / name, tmp_path / "files" / name)
    monkeypatch.setattr(demo, "FOLDER", tmp_path)
    return tmp_path


def load():
    out = StringIO()
    call_command("load_demo", stdout=out, stderr=StringIO())
    return out.getvalue()


def edition(key):
    return ResourcePage.objects.get(institution__slug=key[0], identifier=key[1])


def test_it_comes_in_with_people_and_states_for_show(folder):
    assert "The demo network is there: 4 institutions" in load()
    assert set(Institution.objects.values_list("slug", flat=True)) == INSTITUTIONS
    for account in demo_people.ACCOUNTS:
        user = User.objects.get(email=account.email)
        assert user.is_demo
        assert user.check_password(demo_people.PASSWORD)
    for key in demo.WAITING:
        state = edition(key).current_workflow_state
        assert (edition(key).live, state.status) == (False, state.STATUS_IN_PROGRESS)
    for key in demo.SENT_BACK:
        state = edition(key).current_workflow_state
        assert state.status == state.STATUS_NEEDS_CHANGES
        assert state.current_task_state.comment == demo.COMMENT
    for key in demo.WITHDRAWN:
        assert edition(key).withdrawn_at
    not_published = {*demo.WAITING, *demo.SENT_BACK, *demo.WITHDRAWN}
    assert ResourcePage.objects.filter(live=False).count() == len(not_published)


def test_a_second_time_changes_nothing(folder):
    load()
    before = list(ResourcePage.objects.order_by("pk").values_list("pk", "latest_revision_id", "live"))
    assert load() == "The demo network is there.\n"
    (folder / "files" / "new.txt").write_text("something new")  # now it looks at all again
    assert "4 institutions" in load()
    assert list(ResourcePage.objects.order_by("pk").values_list("pk", "latest_revision_id", "live")) == before


def test_without_the_object_store_all_but_the_files_comes_in(folder, settings):
    settings.S3_ENDPOINT_URL = settings.S3_PUBLIC_ENDPOINT_URL = "http://127.0.0.1:9"
    assert "Their files are not" in load()
    assert ResourcePage.objects.filter(live=True).exists()
    assert not demo.is_loaded(demo.read_contents())


def test_outside_demo_mode_it_refuses(folder, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="not a demo"):
        load()
    assert not User.objects.filter(is_demo=True).exists()
