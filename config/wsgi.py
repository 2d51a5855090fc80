"""The WSGI application that gunicorn serves."""

import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()


def _warm_up() -> None:
    from search.services import warm_up  # noqa: PLC0415 - the apps are ready only now

    warm_up()


threading.Thread(target=_warm_up, name="warm_up", daemon=True).start()
