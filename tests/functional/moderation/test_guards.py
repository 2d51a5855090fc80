"""Each guard of docs/adr/0004-moderation-guards.md, tried as somebody would who wants to get around it, through Wagtail's addresses."""

import json

import pytest
from django.urls import reverse
from wagtail.models import Page, TaskState

from catalogue.models import InstitutionPage, ResourcePage
from catalogue.services import submit
from members.services import set_institution
from tests.denial import is_denied
from tests.factories.catalogue import make_resource, make_submitted, reload, revise
from tests.factories.members import make_user
from tests.functional.moderation.test_story import editor_form

pytestmark = pytest.mark.django_db

CURATORS = ["curator", "own_curator", "own_curator_contributor"]
PEOPLE = ["author", "colleague", "manager", "outsider", "outside_manager", *CURATORS, "secretariat", "member"]
OUTSIDERS = ["outsider", "outside_manager", "curator", "secretariat", "member", "own_curator"]
MAY_NOT_JUDGE = [who for who in PEOPLE if who != "curator"] + ["superuser"]


def is_published(scene):
    return reload(scene.submission).live


def act(client, page, action, task_state, **data):
    return client.post(reverse("wagtailadmin_pages:workflow_action", args=(page.pk, action, task_state.pk)), data)


def test_nobody_else_judges(scene):
    review = reverse("moderation_review", args=(scene.task_state.pk,))
    for who in MAY_NOT_JUDGE:
        client = scene.client(who)
        assert is_denied(act(client, scene.submission, "approve", scene.task_state)), who
        assert is_denied(client.get(review)), who
        assert is_denied(client.post(review, {"decision": "approve"})), who
        assert not is_published(scene), who
        assert scene.task_state.status == "in_progress", who


def test_a_task_state_of_the_own_institution_named_with_the_page_of_another(scene):
    """Wagtail asks about the page in the address and acts on the task state in it."""
    theirs = make_submitted(scene.other, title="Of the curator's own institution")
    response = act(scene.client("curator"), scene.submission, "approve", theirs.current_workflow_task_state)
    assert is_denied(response)
    assert not reload(theirs).live
    assert not is_published(scene)


def test_the_own_doing_is_not_judged_even_from_another_institution(scene):
    person = make_user("contributor", "curator", institution=scene.owner)
    page = make_submitted(scene.owner, by=person)
    set_institution(person, scene.other, by=None)
    scene.people["mover"] = person
    assert is_denied(act(scene.client("mover"), page, "approve", page.current_workflow_task_state))
    assert not reload(page).live


def test_publishing_around_the_workflow_from_the_editor(scene):
    draft = make_resource(scene.owner, publish=False, owner=scene.people["author"])
    url = reverse("wagtailadmin_pages:edit", args=(draft.pk,))
    form = editor_form(scene.client("author"), url)
    for who in PEOPLE:
        scene.client(who).post(url, {**form, "action-publish": "1"})
        assert not reload(draft).live, who
        waiting = reverse("wagtailadmin_pages:edit", args=(scene.submission.pk,))
        scene.client(who).post(waiting, {**form, "action-publish": "1"})
        assert not is_published(scene), who


def test_publishing_at_once_when_creating(scene):
    url = reverse("wagtailadmin_pages:add", args=("catalogue", "resourcepage", scene.owner.page.pk))
    form = editor_form(scene.client("author"), url)
    scene.client("author").post(url, {**form, "title": "At once", "slug": "at-once", "action-publish": "1"})
    made = ResourcePage.objects.get(slug="at-once")
    assert not made.live
    for who in ("curator", "outsider", "secretariat"):
        assert is_denied(scene.client(who).post(url, {**form, "title": "Sneaked", "slug": "sneaked", "action-publish": "1"})), who
    assert not ResourcePage.objects.filter(slug="sneaked").exists()


def test_wagtails_own_ways_are_closed(scene):
    published = make_resource(scene.owner, owner=scene.people["author"])
    for who in PEOPLE:
        client = scene.client(who)
        for route in ("unpublish", "delete", "convert_alias", "lock", "set_privacy", "usage"):
            assert is_denied(client.post(reverse(f"wagtailadmin_pages:{route}", args=(published.pk,)))), (who, route)
    page = reload(published)
    assert page.live
    assert not page.locked


def test_a_draft_is_not_deleted(scene):
    draft = make_resource(scene.owner, publish=False, owner=scene.people["author"])
    for who in PEOPLE:
        assert is_denied(scene.client(who).post(reverse("wagtailadmin_pages:delete", args=(draft.pk,)))), who
    assert Page.objects.filter(pk=draft.pk).exists()


def test_moving_into_another_institution(scene):
    draft = make_resource(scene.owner, publish=False, owner=scene.people["author"])
    target = scene.other.page.pk
    for who in PEOPLE:
        client = scene.client(who)
        assert is_denied(client.post(reverse("wagtailadmin_pages:move_confirm", args=(draft.pk, target)))), who
        assert is_denied(client.post(reverse("wagtailadmin_pages:move", args=(draft.pk,)), {"new_parent_page": target})), who
        assert is_denied(client.post(reverse("wagtailadmin_pages:set_page_position", args=(draft.pk,)), {"position": 0})), who
    assert reload(draft).institution == scene.owner


def copy(client, page, target, **more):
    data = {"new_title": "Copy", "new_slug": "copy", "new_parent_page": target.pk, **more}
    return client.post(reverse("wagtailadmin_pages:copy", args=(page.pk,)), data)


def test_copying_into_another_institution(scene):
    published = make_resource(scene.owner, owner=scene.people["author"])
    copy(scene.client("author"), published, scene.other.page)
    assert is_denied(copy(scene.client("outsider"), published, scene.other.page))
    assert not ResourcePage.objects.filter(institution=scene.other).exists()


@pytest.mark.parametrize("more", [{"alias": "on"}, {"publish_copies": "on"}])
def test_copying_as_a_way_to_publish(scene, more):
    published = make_resource(scene.owner, owner=scene.people["author"])
    copy(scene.client("author"), published, scene.owner.page, **more)
    assert not ResourcePage.objects.filter(slug="copy", live=True).exists()


def test_an_honest_copy_is_a_draft_of_a_work_of_its_own(scene):
    published = make_resource(scene.owner, owner=scene.people["author"], identifier="boats")
    assert copy(scene.client("author"), published, scene.owner.page).status_code == 302
    twin = ResourcePage.objects.get(slug="copy")
    assert not twin.live
    assert twin.edition_id != published.edition_id
    assert twin.work_id != published.work_id
    assert twin.identifier == ""


def test_bulk_actions(scene):
    draft = make_resource(scene.owner, publish=False, owner=scene.people["author"])
    published = make_resource(scene.owner, owner=scene.people["author"])
    for who in PEOPLE:
        client = scene.client(who)
        for action in ("publish", "unpublish", "delete", "move"):
            url = reverse("wagtail_bulk_action", args=("wagtailcore", "page", action))
            answer = client.post(f"{url}?id={draft.pk}&id={published.pk}", {"chooser": scene.other.page.pk})
            assert is_denied(answer), (who, action)
    assert not reload(draft).live
    assert reload(published).live


def test_actions_of_the_admin_api(scene):
    draft = make_resource(scene.owner, publish=False, owner=scene.people["author"])
    body = json.dumps({"destination_page_id": scene.other.page.pk, "destination_parent_id": scene.owner.page.pk})
    for who in PEOPLE:
        client = scene.client(who)
        for action in ("publish", "unpublish", "delete", "move", "copy", "revert_to_page_revision", "create_alias"):
            url = reverse("wagtailadmin_api:pages:action", args=(draft.pk, action))
            assert is_denied(client.post(url, body, content_type="application/json")), (who, action)
    assert not reload(draft).live
    assert Page.objects.filter(pk=draft.pk).exists()


def test_what_was_judged_is_published_and_not_what_came_after(scene):
    judged = scene.submission.get_latest_revision()
    newer = revise(scene.submission, by=scene.people["author"], title="Smuggled in")
    act(scene.client("curator"), scene.submission, "approve", scene.task_state)
    page = reload(scene.submission)
    assert page.live
    assert page.title == "Secret soap boats"
    assert page.live_revision == judged
    assert page.latest_revision == newer
    assert page.has_unpublished_changes


def test_what_is_being_judged_is_not_changed(scene):
    url = reverse("wagtailadmin_pages:edit", args=(scene.submission.pk,))
    for who in ("author", "colleague", "manager", "superuser"):
        client = scene.client(who)
        client.post(url, {**editor_form(client, url), "title": "Changed under your eyes"})
    assert "Changed" not in reload(scene.submission).get_latest_revision_as_object().title
    judged = scene.submission.get_latest_revision().pk
    client = scene.client("author")
    client.post(url, {**editor_form(client, url), "title": "Overwritten", "overwrite_revision_id": judged})
    assert reload(scene.submission).get_latest_revision_as_object().title == "Secret soap boats"


def test_approving_what_was_taken_back(scene):
    state = scene.task_state
    scene.submission.current_workflow_state.cancel(user=scene.people["author"])
    revise(scene.submission, by=scene.people["author"], title="Second thoughts")
    act(scene.client("curator"), scene.submission, "approve", state)
    scene.client("curator").post(reverse("moderation_review", args=(state.pk,)), {"decision": "approve"})
    assert not is_published(scene)
    submit(reload(scene.submission), by=scene.people["author"])
    assert is_denied(act(scene.client("curator"), scene.submission, "approve", state))
    assert not is_published(scene)


def test_approving_twice_is_once(scene):
    state = scene.task_state
    act(scene.client("curator"), scene.submission, "approve", state)
    act(scene.client("curator"), scene.submission, "reject", state, comment="Changed my mind.")
    assert is_published(scene)
    assert TaskState.objects.get(pk=state.pk).status == "approved"


def test_taking_back_somebody_elses_submission(scene):
    url = reverse("wagtailadmin_pages:edit", args=(scene.submission.pk,))
    for who in OUTSIDERS:
        scene.client(who).post(url, {"action-cancel-workflow": "1"})
    assert reload(scene.submission).current_workflow_state.status == "in_progress"


@pytest.mark.parametrize("who", OUTSIDERS)
def test_revisions_and_drafts_of_others(scene, who):
    page, revision = scene.submission, scene.submission.get_latest_revision()
    client = scene.client(who)
    routes = [
        reverse("wagtailadmin_pages:edit", args=(page.pk,)),
        reverse("wagtailadmin_pages:view_draft", args=(page.pk,)),
        reverse("wagtailadmin_pages:preview_on_edit", args=(page.pk,)),
        reverse("wagtailadmin_pages:history", args=(page.pk,)),
        reverse("wagtailadmin_pages:workflow_history", args=(page.pk,)),
        reverse("wagtailadmin_pages:workflow_history_detail", args=(page.pk, page.current_workflow_state.pk)),
        reverse("wagtailadmin_pages:revisions_view", args=(page.pk, revision.pk)),
        reverse("wagtailadmin_pages:revisions_revert", args=(page.pk, revision.pk)),
        reverse("wagtailadmin_pages:revisions_compare", args=(page.pk, "earliest", "latest")),
        reverse("wagtailadmin_pages:revisions_unschedule", args=(page.pk, revision.pk)),
        reverse("wagtailadmin_explore", args=(page.pk,)),
        reverse("wagtailadmin_explore", args=(scene.owner.page.pk,)),
        reverse("wagtailadmin_pages:confirm_workflow_cancellation", args=(page.pk,)),
    ]
    for url in routes:
        response = client.get(url, follow=True)
        assert "Secret soap boats" not in response.content.decode(), url


def test_a_curator_of_the_own_institution_sees_no_preview_for_the_task(scene):
    url = reverse("wagtailadmin_pages:workflow_preview", args=(scene.submission.pk, scene.task_state.task_id))
    assert is_denied(scene.client("own_curator").get(url))
    assert is_denied(scene.client("author").get(url))


def test_the_workflow_itself(scene):
    workflow = scene.submission.get_workflow()
    for who in ("author", "curator", "secretariat"):
        client = scene.client(who)
        assert is_denied(client.post(reverse("wagtailadmin_workflows:disable", args=(workflow.pk,))))
        assert is_denied(client.get(reverse("wagtailadmin_workflows:usage", args=(workflow.pk,))))
        assert is_denied(client.post(reverse("wagtailadmin_workflows:remove", args=(scene.owner.page.pk,))))
        assert is_denied(client.post(reverse("wagtailadmin_workflows:disable_task", args=(scene.task_state.task_id,))))
    assert reload(scene.submission).get_workflow() == workflow


def test_the_institutions_page_is_not_edited_in_wagtail(scene):
    page = InstitutionPage.objects.get(institution=scene.owner)
    for who in ("author", "manager", "secretariat"):
        assert is_denied(scene.client(who).get(reverse("wagtailadmin_pages:edit", args=(page.pk,))))


def test_creating_in_another_institution(scene):
    url = reverse("wagtailadmin_pages:add", args=("catalogue", "resourcepage", scene.owner.page.pk))
    for who in OUTSIDERS:
        assert is_denied(scene.client(who).get(url)), who


def test_choosing_a_parent(scene):
    url = reverse("wagtailadmin_pages:choose_parent", args=("catalogue", "resourcepage"))
    assert is_denied(scene.client("outsider").post(url, {"parent_page": scene.owner.page.pk}))


def test_whoever_loses_the_role_loses_the_queue(scene):
    set_institution(scene.people["curator"], scene.owner, by=None)
    assert is_denied(act(scene.client("curator"), scene.submission, "approve", scene.task_state))
    assert "Secret soap boats" not in scene.client("curator").get(reverse("moderation_queue")).content.decode()
