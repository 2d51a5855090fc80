"""What holds for the whole API: its description, and errors as problem documents whoever notices them."""

import json
import re
from types import ModuleType

import jsonschema
import pytest
from django.urls import path

import config.urls
from tests.factories.catalogue import make_resource

pytestmark = pytest.mark.django_db


def fail(_request):
    raise RuntimeError("a defect")


WITH_DEFECT = ModuleType("with_defect")
vars(WITH_DEFECT)["urlpatterns"] = [path("api/v1/defect", fail), *config.urls.urlpatterns]
"""The site's addresses, and one that fails."""


def test_the_description_is_openapi_and_names_the_contract(client):
    document = json.loads(client.get("/api/v1/openapi.json").content)
    assert document["openapi"].startswith("3.")
    operation = document["paths"]["/api/v1/resources"]["get"]
    names = {parameter["name"] for parameter in operation["parameters"]}
    own = {"q", "words_only", "published_since", "sort", "page", "page_size", "cursor"}
    facets = {"resource_type", "subject", "language", "audience", "age", "duration", "licence", "access", "institution", "country", "year"}
    assert names == own | facets
    assert "/api/v1/resources/{resource_id}" in document["paths"]


def test_answers_are_as_described(client, live_index):
    edition = make_resource()
    live_index()
    document = json.loads(client.get("/api/v1/openapi.json").content)
    for address, schema in [("/api/v1/resources", "ResourceList"), (f"/api/v1/resources/{edition.work_id}", "Resource")]:
        whole = {"$ref": f"#/components/schemas/{schema}", "components": document["components"]}
        jsonschema.validate(json.loads(client.get(address).content), whole)


def test_the_documentation_runs_under_the_content_security_policy(client):
    page = client.get("/api/v1/docs")
    html = page.content.decode()
    assert page.status_code == 200
    assert "'unsafe-inline'" not in page["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", html)
    sources = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert all(source.startswith("/") and not source.startswith("//") for source in sources)


def test_the_bare_address_leads_to_the_documentation(client):
    assert client.get("/api/v1/")["Location"] == "/api/v1/docs"


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("get", "/api/v1/nothing", 404),
        ("get", "/api/v2/resources", 404),
        ("get", "/api/", 404),
        ("post", "/api/v1/resources", 405),
        ("delete", "/api/v1/resources/00000000-0000-0000-0000-000000000000", 405),
        ("put", "/api/v1/openapi.json", None),
    ],
)
def test_errors_are_problem_documents(client, method, address, status):
    answer = getattr(client, method)(address, headers={"accept": "text/html", "accept-language": "fr"})
    if status is None:
        assert answer.status_code in {200, 405}
        return
    document = json.loads(answer.content)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert document["type"] == "about:blank"
    assert document["status"] == status
    assert document["title"]
    assert document["detail"]
    if status == 405:
        assert "GET" in answer["Allow"]


def test_a_defect_is_a_problem_document_without_its_secrets(client, settings):
    client.raise_request_exception = False
    settings.ROOT_URLCONF = WITH_DEFECT
    answer = client.get("/api/v1/defect")
    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"
    document = json.loads(answer.content)
    assert "a defect" not in answer.content.decode()
    assert document["request_id"]


def test_head_is_answered_like_get(client, live_index):
    answer = client.head("/api/v1/resources")
    assert (answer.status_code, answer.content) == (200, b"")


def test_pages_are_left_alone(client):
    assert client.get("/nothing-here", follow=True)["Content-Type"].startswith("text/html")
