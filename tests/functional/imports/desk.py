"""A person at the pages of imports."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core import jobs
from exchange.models import BulkImport


class Desk:
    """A person at the pages of imports; `worker` is what the worker does meanwhile."""

    def __init__(self, client):
        self.client = client

    def upload(self, content, name="attività.csv"):
        answer = self.client.post(reverse("bulk_imports"), {"table": SimpleUploadedFile(name, content)})
        assert answer.status_code == 302, answer.content.decode()
        return BulkImport.objects.get(pk=answer["Location"].rstrip("/").rpartition("/")[2])

    def worker(self):
        jobs.run_due(10)

    def page(self, found, query=""):
        answer = self.client.get(reverse("bulk_import", args=(found.id,)) + query)
        assert answer.status_code == 200
        return answer.content.decode()

    def step(self, found, step, **values):
        return self.client.post(reverse("bulk_import", args=(found.id,)), {"step": step, **values})

    def columns(self, found, **changes):
        found.refresh_from_db()
        said = {f"column-{place}": name for place, name in enumerate(found.mapping)}
        return said | found.constants | {"resource_type": "experiment"} | changes

    def checked(self, content, name="attività.csv", **changes):
        """Upload, have it read, and have the rows tried."""
        found = self.upload(content, name)
        self.worker()
        assert self.step(found, "check", **self.columns(found, **changes)).status_code == 302
        self.worker()
        found.refresh_from_db()
        return found


def outcomes(found):
    return [(row.line, row.identifier, row.outcome) for row in found.rows.all()]
