"""The WSGI application that gunicorn serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()


def _begin() -> None:
    """Load what is slow the first time, so that no reader waits for it.

    Not in a thread: where gunicorn loads this before it forks, the workers would inherit the locks of a thread that they do not have.
    """
    from search.health import say_if_old_shape  # noqa: PLC0415 - the apps are ready only now
    from search.services import warm_up  # noqa: PLC0415

    say_if_old_shape()
    warm_up()


_begin()
