"""The WSGI application that gunicorn serves."""

import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()


def _begin() -> None:
    from search.health import say_if_old_shape  # noqa: PLC0415 - the apps are ready only now
    from search.services import warm_up  # noqa: PLC0415

    say_if_old_shape()
    warm_up()


threading.Thread(target=_begin, name="begin", daemon=True).start()
