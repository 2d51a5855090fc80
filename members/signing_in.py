"""Where somebody who signs in is led."""

from django.contrib.auth.views import LoginView
from django.urls import reverse


class SignInView(LoginView):
    """Leads back to the page somebody came from; who came from none, and works here, is led to the work."""

    template_name = "members/login.html"
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        works_here = getattr(self.request.user, "is_staff", False)
        return reverse("wagtailadmin_home") if works_here else super().get_default_redirect_url()
