"""Every route of the resolver is asked for by every kind of visitor, and answers as tests/access_table.py says."""

import json
import re
from fnmatch import fnmatchcase

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern
from wagtail.contrib.redirects.models import Redirect
from wagtail.images import get_image_model
from wagtail.models import Collection, Site, Task, Workflow

from catalogue.models import HomePage, InstitutionPage
from catalogue.vocabulary import VOCABULARIES
from exchange.bulk import services as bulk_services
from media import services as media_services
from members.viewer import Viewer
from search import index, rebuild, sync
from search.saved import services as saved_services
from search.types import SearchRequest
from tests.access_table import OUTCOMES, ROWS, VISITORS
from tests.factories.catalogue import make_resource, make_submitted
from tests.factories.media import make_object
from tests.factories.members import make_institution, make_superuser, make_user

PIXEL = bytes.fromhex("47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b")
ADDRESSES = {
    "wagtail_serve": "en/",
    "wagtailadmin_pages:revisions_compare": "admin/pages/{page_id}/revisions/compare/earliest...latest/",
    "@admin/^.*/$": "admin/nothing/of/this/name/",
    "api-unknown": "api/v1/nothing",
}
"""Addresses of routes that are regular expressions."""

LET_IN = {"ok", "none", "method"}


def routes(resolver=None, prefix="", namespaces=()):
    """Yield (name, address) of every route; a route without a name is called by its address."""
    for entry in (resolver or get_resolver()).url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield (":".join([*namespaces, entry.name]) if entry.name else f"@{address}"), address
        else:
            yield from routes(entry, address, (*namespaces, entry.namespace) if entry.namespace else namespaces)


ROUTES = list(routes())


def test_every_route_has_exactly_one_row():
    counts = {name: sum(row.matches(name) for row in ROWS) for name, _address in ROUTES}
    assert {name: count for name, count in counts.items() if count != 1} == {}


def test_every_pattern_of_the_table_has_a_route_and_every_outcome_is_known():
    names = {name for name, _address in ROUTES}
    patterns = {pattern for row in ROWS for pattern in row.patterns}
    assert {pattern for pattern in patterns if not any(fnmatchcase(name, pattern) for name in names)} == set()
    assert {outcome for row in ROWS for outcome in row.outcomes.values()} <= OUTCOMES


@pytest.fixture
def live_index(db):
    """An index that is live and follows the database when `live_index()` is called."""
    index.delete(index.ours())
    rebuild.rebuild()
    yield sync.catch_up
    index.delete(index.ours())


@pytest.fixture
def things(db, settings, tmp_path):
    """What the addresses name; all of it belongs to one institution, or to the site."""
    settings.MEDIA_ROOT = tmp_path
    own = make_institution()
    contributor = make_user("contributor", institution=own)
    stored = make_object(own, created_by=contributor)
    page = make_resource(own, access="members", files=[stored], owner=contributor)
    waiting = make_submitted(own, by=contributor)
    upload = media_services.start_upload(Viewer.of(contributor), institution_id=own.id, filename="a.pdf", size=10)
    image = get_image_model().objects.create(title="Pixel", file=ContentFile(PIXEL, "pixel.gif"), width=1, height=1)
    return {
        "people": {
            "anonymous": None,
            "contributor": contributor,
            "stranger": make_user("contributor"),
            "manager": make_user("manager", institution=own),
            "curator": make_user("curator", institution=make_institution()),
            "own_curator": make_user("curator", institution=own),
            "secretariat": make_user("secretariat"),
            "superuser": make_superuser(),
        },
        "bodies": {
            "uploads:start": json.dumps({"institution": str(own.id), "filename": "b.pdf", "size": 10}),
            "wagtailadmin_dismissibles": "{}",
        },
        "values": _values(page, waiting, upload, image),
    }


def _values(page, waiting, upload, image):
    """Return what stands for each argument, or for one of a certain route (`route.argument`)."""
    own, contributor = page.institution, page.owner
    saved = saved_services.save_search(contributor, SearchRequest(q="soap"), name="Soap", frequency="daily")
    parent = InstitutionPage.objects.get(institution=own).pk
    task_state = waiting.current_workflow_task_state
    return {
        "edition_id": page.edition_id,
        "object_id": page.files.get().stored_object_id,
        "width": 320,
        "variant": "page-1",
        "upload_id": upload.upload_id,
        "number": 1,
        "resource_id": page.work_id,
        "work_id": page.work_id,
        "user_id": contributor.pk,
        "slug": own.slug,
        "page_id": page.pk,
        "parent_page_id": parent,
        "page_to_move_id": page.pk,
        "page_pk": page.pk,
        "destination_id": HomePage.objects.get().pk,
        "revision_id": page.latest_revision_id,
        "task_state_id": task_state.pk,
        "task_id": task_state.task_id,
        "workflow_state_id": waiting.current_workflow_state.pk,
        "workflow_pk": Workflow.objects.get().pk,
        "collection_id": Collection.objects.last().pk,
        "image_id": image.pk,
        "uploaded_file_id": 1,
        "redirect_id": Redirect.objects.create(old_path="/old", redirect_link="/new").pk,
        "session_id": 1,
        "page_view_restriction_id": 1,
        "pk": 1,
        "search_id": saved.pk,
        "import_id": bulk_services.start(contributor, own, filename="table.csv", content=b"identifier\na\n").pk,
        "alert_stop.token": saved_services.stop_token(saved),
        "action_name": "approve",
        "action": "publish",
        "app_label": "wagtailcore",
        "model_name": "page",
        "app_name": "catalogue",
        "content_type_app_name": "catalogue",
        "content_type_model_name": "resourcepage",
        "filter_spec": "original",
        "uidb64": "MQ",
        "token": "set-password",
        "wagtailadmin_pages:workflow_action.page_id": waiting.pk,
        "wagtailadmin_pages:collect_workflow_action_data.page_id": waiting.pk,
        "wagtailadmin_pages:confirm_workflow_cancellation.page_id": waiting.pk,
        "wagtailadmin_pages:workflow_preview.page_id": waiting.pk,
        "wagtailadmin_pages:workflow_history.page_id": waiting.pk,
        "wagtailadmin_pages:workflow_history_detail.page_id": waiting.pk,
        "wagtailadmin_pages:choose_parent.app_label": "catalogue",
        "wagtailadmin_pages:choose_parent.model_name": "resourcepage",
        "wagtailadmin_api:pages:action.action_name": "copy",
        "wagtailadmin_api:pages:action.pk": page.pk,
        "wagtailadmin_api:pages:detail.pk": page.pk,
        "wagtailadmin_api:images:detail.pk": image.pk,
        "wagtailadmin_collections.pk": Collection.objects.last().pk,
        "wagtailadmin_workflows.pk": Workflow.objects.get().pk,
        "wagtailadmin_workflows:add_task.app_label": "catalogue",
        "wagtailadmin_workflows:add_task.model_name": "curatortask",
        "wagtailadmin_workflows:edit_task.pk": Task.objects.get().pk,
        "wagtailadmin_editing_sessions:ping.object_id": page.pk,
        "wagtailsites.pk": Site.objects.get().pk,
        "wagtailusers_users.pk": contributor.pk,
        "wagtailusers_groups.pk": own.group_id,
        "wagtailsettings.model_name": "nothing",
        "keyword_autocomplete.model_name": "keyword",
        **{f"wagtailsnippets_catalogue_{terms._meta.model_name}.pk": terms.objects.first().pk for terms in VOCABULARIES.values()},
    }


def fill_in(name, address, values):
    """Return the address with a value for each argument."""

    def value(match):
        argument = match[2]
        for key in (f"{name}.{argument}", f"{name.partition(':')[0]}.{argument}", argument):
            if key in values:
                return str(values[key])
        raise AssertionError(f"{name} takes an argument that the test does not know: {argument}")

    address = ADDRESSES.get(name, address)
    address = re.sub(r"\^|\$", "", address) if name not in ADDRESSES else address.format(**values)
    return "/" + re.sub(r"<(\w+:)?(\w+)>", value, address)


def outcome_of(response):
    """Return the class of an answer, in the words of the table."""
    status = response.status_code
    location = response.headers.get("Location", "")
    if status == 401 or (status in {301, 302} and re.search(r"/login/\?next=", location)):
        return "login"
    signed_in_already = response.wsgi_request.path == reverse("login")  # the public page leads to where work begins
    sent_home = status == 302 and location == "/admin/" and not signed_in_already
    if status == 403 or sent_home:
        return "no"
    if status in {404, 405}:
        return {404: "none", 405: "method"}[status]
    return "broken" if status >= 500 else "ok"


@pytest.mark.filterwarnings("ignore:Exception ignored in.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning")  # Wagtail's images
@pytest.mark.parametrize("visitor", VISITORS)
def test_every_route_answers_every_visitor_as_the_table_says(things, live_index, visitor):
    live_index()
    client = Client(raise_request_exception=False)
    person = things["people"][visitor]
    wrong = {}
    for name, address in ROUTES:
        row = next((row for row in ROWS if row.matches(name)), None)
        if row is None:
            continue  # another test says so
        if person and not getattr(client.cookies.get("sessionid"), "value", ""):  # Wagtail's logout drops the cookie even where it refuses
            client.force_login(person)
        url = fill_in(name, address, things["values"])
        found = outcome_of(client.generic(row.method, url, things["bodies"].get(name, ""), "application/json"))
        wanted = row.outcomes[visitor]
        if found != wanted and not (wanted == "in" and found in LET_IN):
            wrong[f"{row.method} {url} ({name})"] = f"{found}, not {wanted}"
    assert wrong == {}
