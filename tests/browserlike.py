"""What a browser does with the site's addresses for uploads, and with the store's signed ones."""

import json
from urllib import request
from urllib.error import HTTPError

from django.test import Client


def send(url, body=None, method="PUT", **headers):
    """Send a request straight to the store; return status, headers and body, whatever the status."""
    try:
        with request.urlopen(request.Request(url, data=body, method=method, headers=headers), timeout=30) as answer:  # noqa: S310 - signed by us
            return answer.status, answer.headers, answer.read()
    except HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


class Browser:
    """A signed-in person's browser."""

    def __init__(self, user=None):
        self.client = Client()
        self.institution_id = user.institution_id if user else None
        if user:
            self.client.force_login(user)

    def call(self, method, path, **body):
        answer = self.client.generic(method, f"/uploads/{path}", json.dumps(body), content_type="application/json")
        return answer.status_code, json.loads(answer.content)

    def start(self, body, filename="leaflet.pdf", **more):
        return self.call("POST", "", filename=filename, size=len(body), **({"institution": str(self.institution_id)} | more))

    def put(self, started, body):
        """Send all parts, each to the address that the site signs for it."""
        size = started["part_size"]
        for number in range(1, started["part_count"] + 1):
            status, part = self.call("POST", f"{started['upload_id']}/parts/{number}/")
            assert status == 200, part
            piece = body[(number - 1) * size : number * size]
            assert len(piece) == part["size"]
            assert send(part["url"], piece)[0] == 200

    def upload(self, body, filename="leaflet.pdf", **more):
        status, started = self.start(body, filename, **more)
        assert status == 201, started
        self.put(started, body)
        assert self.call("POST", f"{started['upload_id']}/complete/")[0] == 202
        return started

    def state(self, started):
        return self.call("GET", f"objects/{started['object_id']}/")[1]
