"""Forgotten passwords, with Django's own pages, and the second factor.

The names without a namespace are those that the admin looks for.
"""

from django.contrib.auth import views
from django.urls import path

from engagement.accounts import views as accounts

urlpatterns = [
    path("password_reset/", accounts.ForgottenPassword.as_view(), name="admin_password_reset"),
    path("password_reset/done/", views.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path("reset/<uidb64>/<token>/", views.PasswordResetConfirmView.as_view(), name="password_reset_confirm"),
    path("reset/done/", views.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
    path("second-factor/", accounts.overview, name="second_factor"),
    path("second-factor/code/", accounts.code, name="second_factor_code"),
    path("second-factor/set-up/", accounts.set_up, name="second_factor_set_up"),
    *(
        path(f"second-factor/{name}/", accounts.step, {"name": name}, name=f"second_factor_{name}")
        for name in accounts.STEPS
    ),
]
