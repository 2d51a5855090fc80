"""Signing in and out, and passwords. The names are Django's own, so that its mails and messages find them."""

from django.conf import settings
from django.contrib.auth import views
from django.urls import path, reverse_lazy

from members.signing_in import SignInView

urlpatterns = [
    path("login/", SignInView.as_view(), name="login"),
    path("logout/", views.LogoutView.as_view(), name="logout"),
    path(
        "password/",
        views.PasswordChangeView.as_view(template_name="members/password_change.html", success_url=reverse_lazy("password_change_done")),
        name="password_change",
    ),
    path(
        "password/changed/",
        views.PasswordChangeDoneView.as_view(template_name="members/password_change_done.html"),
        name="password_change_done",
    ),
    path(
        "password/forgotten/",
        views.PasswordResetView.as_view(
            template_name="members/password_reset.html",
            email_template_name="members/password_reset_email.txt",
            subject_template_name="members/password_reset_subject.txt",
            extra_email_context={"site_url": settings.SITE_URL, "site_name": settings.SITE_NAME},
        ),
        name="password_reset",
    ),
    path(
        "password/forgotten/sent/",
        views.PasswordResetDoneView.as_view(template_name="members/password_reset_done.html"),
        name="password_reset_done",
    ),
    path(
        "password/new/<uidb64>/<token>/",
        views.PasswordResetConfirmView.as_view(template_name="members/password_reset_confirm.html"),
        name="password_reset_confirm",
    ),
    path(
        "password/new/done/",
        views.PasswordResetCompleteView.as_view(template_name="members/password_reset_complete.html"),
        name="password_reset_complete",
    ),
]
