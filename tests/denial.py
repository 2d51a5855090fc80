"""How a page says no."""


def is_denied(response):
    """Django's own 403 or 404, or Wagtail's way: back to the admin's front page with a message, or to the login."""
    sent_away = response.status_code == 302 and (response.url == "/admin/" or response.url.startswith("/en/login/"))
    return response.status_code in {403, 404} or sent_away
