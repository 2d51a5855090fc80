"""Submitting, judging, sending back, correcting, withdrawing: what is published when."""

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from wagtail.models import Page

from catalogue import selectors
from catalogue.models import ResourcePage
from catalogue.services import submit
from core import jobs
from core.errors import ConflictError
from core.models import AuditEntry
from tests.denial import is_denied
from tests.factories.catalogue import make_resource, reload, revise
from tests.factories.members import make_user

pytestmark = pytest.mark.django_db


def decide(scene, who, decision, comment="", task_state=None):
    task_state = task_state or scene.task_state
    return scene.client(who).post(reverse("moderation_review", args=(task_state.pk,)), {"decision": decision, "comment": comment})


def test_what_waits_is_not_published_and_the_curator_finds_it(scene):
    assert not selectors.published_editions().exists()
    page = scene.client("curator").get(reverse("moderation_queue"))
    assert "Secret soap boats" in page.content.decode()
    page = scene.client("curator").get(reverse("moderation_review", args=(scene.task_state.pk,)))
    assert page.status_code == 200
    assert "Ashby, Rosalind" in page.content.decode()


def test_the_curator_sees_the_page_as_readers_will(scene):
    task = scene.task_state.task
    page = scene.client("curator").get(reverse("wagtailadmin_pages:workflow_preview", args=(scene.submission.pk, task.pk)))
    assert page.status_code == 200
    assert "Secret soap boats" in page.content.decode()


def test_approval_publishes_and_is_recorded(scene, work_changes):
    response = decide(scene, "curator", "approve", "Lovely.")
    assert response.status_code == 302
    assert reload(scene.submission).live
    assert scene.submission.work_id in work_changes
    entry = AuditEntry.objects.get(action="catalogue.resource.approve")
    assert entry.actor_id == scene.people["curator"].pk


def test_sending_back_needs_a_reason_and_reaches_the_author(scene):
    assert decide(scene, "curator", "reject").status_code == 422
    assert scene.task_state.status == "in_progress"
    assert decide(scene, "curator", "reject", "Please name the soap.").status_code == 302
    page = reload(scene.submission)
    assert not page.live
    assert page.current_workflow_state.status == "needs_changes"
    assert "Please name the soap." in scene.client("author").get(reverse("wagtailadmin_home")).content.decode()
    editor = scene.client("author").get(reverse("wagtailadmin_pages:edit", args=(page.pk,)))
    assert "Please name the soap." in editor.content.decode()
    revise(page, by=scene.people["author"], abstract="With curd soap.")
    submit(reload(page), by=scene.people["author"])
    assert reload(page).current_workflow_state.status == "in_progress"


def sent_to(person):
    return [message for message in mail.outbox if message.to == [person.email]]


def test_mails_go_to_those_who_may_judge_and_to_who_submitted(scene):
    assert mail.outbox == [], "nothing is sent inside the request"
    jobs.run_due()
    assert {message.to[0] for message in mail.outbox} == {scene.people["curator"].email}
    assert reverse("moderation_review", args=(scene.task_state.pk,)) in mail.outbox[0].body
    decide(scene, "curator", "reject", "Please name the soap.")
    jobs.run_due()
    (back,) = sent_to(scene.people["author"])
    assert "Please name the soap." in back.body
    submit(reload(scene.submission), by=scene.people["author"])
    decide(scene, "curator", "approve", task_state=reload(scene.submission).current_workflow_task_state)
    jobs.run_due()
    assert sent_to(scene.people["author"])[-1].subject == "Published: Secret soap boats"


def test_no_mail_for_what_was_taken_back(scene):
    scene.submission.current_workflow_state.cancel(user=scene.people["author"])
    jobs.run_due()
    assert mail.outbox == []


def test_an_incomplete_draft_is_refused_by_the_task_itself(scene):
    page = make_resource(scene.owner, publish=False, licence=None)
    with pytest.raises(ConflictError):
        page.get_workflow().start(page, scene.people["author"])
    institution_page = scene.owner.page
    with pytest.raises(PermissionDenied):
        institution_page.get_workflow().start(institution_page, scene.people["superuser"])


def test_a_correction_waits_while_the_old_version_stays(scene):
    decide(scene, "curator", "approve")
    revise(reload(scene.submission), by=scene.people["author"], title="Better soap boats")
    submit(reload(scene.submission), by=scene.people["author"])
    assert reload(scene.submission).title == "Secret soap boats"
    state = reload(scene.submission).current_workflow_task_state
    page = scene.client("curator").get(reverse("moderation_review", args=(state.pk,))).content.decode()
    assert "What changes" in page
    decide(scene, "curator", "approve", task_state=state)
    assert reload(scene.submission).title == "Better soap boats"


def test_withdrawing_through_the_admin(scene):
    decide(scene, "curator", "approve")
    url = reverse("resource_withdraw", args=(scene.submission.pk,))
    assert scene.client("colleague").get(url).status_code == 200
    assert scene.client("colleague").post(url, {"reason": "out of date"}).status_code == 302
    page = reload(scene.submission)
    assert not page.live
    assert page.withdrawn_at is not None
    assert AuditEntry.objects.get(action="catalogue.resource.withdraw").data["reason"] == "out of date"
    assert scene.client("colleague").post(url, {"reason": ""}).status_code == 409


def test_an_incomplete_draft_is_saved_and_not_submitted(scene):
    page = make_resource(scene.owner, publish=False, owner=scene.people["author"], licence=None, abstract="", subjects=[])
    url = reverse("wagtailadmin_pages:edit", args=(page.pk,))
    client = scene.client("author")
    form = editor_form(client, url)
    saved = client.post(url, {**form, "title": "Half done"})
    assert saved.status_code == 302
    refused = client.post(url, {**form, "title": "Half done", "action-submit": "1"})
    text = refused.content.decode()
    for sentence in ("Please choose a licence", "Please write an abstract", "Please choose at least one subject"):
        assert sentence in text
    assert reload(page).current_workflow_state is None


def test_a_complete_draft_is_submitted_from_the_editor(scene):
    page = make_resource(scene.owner, publish=False, owner=scene.people["author"])
    url = reverse("wagtailadmin_pages:edit", args=(page.pk,))
    client = scene.client("author")
    response = client.post(url, {**editor_form(client, url), "action-submit": "1"})
    assert response.status_code == 302
    assert reload(page).current_workflow_state.status == "in_progress"


def test_a_new_resource_starts_with_what_is_usual(scene):
    url = reverse("wagtailadmin_pages:add", args=("catalogue", "resourcepage", scene.owner.page.pk))
    form = scene.client("author").get(url).context["form"]
    assert form.initial["language"] == "en"
    assert form.initial["credit_line"] == "Severn Festival"


def test_two_resources_of_one_name_get_addresses_of_their_own(scene):
    url = reverse("wagtailadmin_pages:add", args=("catalogue", "resourcepage", scene.owner.page.pk))
    client = scene.client("author")
    form = editor_form(client, url)
    for _ in range(2):
        assert client.post(url, {**form, "title": "Kite", "slug": "kite"}).status_code == 302
    assert sorted(page.slug for page in ResourcePage.objects.filter(title="Kite")) == ["kite", "kite-2"]


def test_the_secretariat_moves_a_resource(scene):
    page = make_resource(scene.owner)
    url = reverse("resource_move", args=(page.pk,))
    assert is_denied(scene.client("author").get(url))
    assert scene.client("secretariat").post(url, {"institution": str(scene.other.pk)}).status_code == 302
    assert reload(page).institution == scene.other
    assert Page.objects.get(pk=page.pk).get_parent().specific.institution == scene.other


def editor_form(client, url):
    """Return what the browser would send back of the editor's form, unchanged."""
    from tests.forms import fields_of  # noqa: PLC0415

    return fields_of(client.get(url).content.decode(), form_id="page-edit-form")


def test_managers_keep_their_institution(scene):
    url = reverse("institution_profile", args=(scene.owner.slug,))
    assert is_denied(scene.client("author").get(url))
    assert is_denied(scene.client("outside_manager").get(url))
    page = scene.client("manager").get(url)
    assert page.status_code == 200
    data = {name: value for name, value in page.context["form"].initial.items() if isinstance(value, str)}
    edition = make_resource(scene.owner)
    response = scene.client("manager").post(url, {**data, "name": "Severn Science", "slug": "severn"})
    assert response.status_code == 302
    scene.owner.refresh_from_db()
    assert (scene.owner.name, scene.owner.slug) == ("Severn Science", "severn")
    assert reload(edition).url_path.startswith("/home/institutions/severn/")


def test_the_secretariat_keeps_people_and_institutions(scene):
    client = scene.client("secretariat")
    assert client.get(reverse("people_list")).status_code == 200
    assert client.get(reverse("institution_list")).status_code == 200
    new = {"name": "Ada Okafor", "email": "Ada@Example.org", "institution": str(scene.owner.pk), "roles": ["contributor"], "language": "fr"}
    assert client.post(reverse("person_add"), {**new, "is_active": "on"}).status_code == 302
    from members.models import User  # noqa: PLC0415

    ada = User.objects.get(email="ada@example.org")
    assert ada.groups.get() == scene.owner.group
    assert client.post(reverse("person_edit", args=(ada.pk,)), {**new, "institution": "", "roles": ["curator"]}).status_code == 302
    ada.refresh_from_db()
    assert not ada.is_active
    assert ada.groups.get().name == "Curators"
    assert client.post(reverse("person_edit", args=(ada.pk,)), {**new, "institution": ""}).status_code == 409


def test_the_secretariat_says_how_much_an_institution_may_keep(scene):
    url = reverse("institution_profile", args=(scene.owner.slug,))
    assert "quota_gib" not in scene.client("manager").get(url).context["form"].fields
    form = scene.client("secretariat").get(url).context["form"]
    assert "0" in form.fields["quota_files"].help_text
    data = {name: value for name, value in form.initial.items() if isinstance(value, (str, int))}
    assert scene.client("manager").post(url, {**data, "quota_files": 5}).status_code == 302
    scene.owner.refresh_from_db()
    assert scene.owner.quota_files == 20_000
    assert scene.client("secretariat").post(url, {**data, "quota_gib": 3, "quota_files": 5}).status_code == 302
    scene.owner.refresh_from_db()
    assert (scene.owner.quota_bytes, scene.owner.quota_files) == (3 * 1024**3, 5)
    assert scene.client("secretariat").post(url, {**data, "quota_gib": 0}).status_code == 200


def test_the_front_pages_open_for_everybody_with_a_role(scene):
    for who in ("author", "manager", "curator", "own_curator_contributor", "secretariat", "superuser"):
        assert scene.client(who).get(reverse("wagtailadmin_home")).status_code == 200, who
    make_user("curator")
