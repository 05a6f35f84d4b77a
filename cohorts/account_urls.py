"""Sign-in: the parts of django-allauth that this product uses, each by name."""

from collections.abc import Callable
from typing import Any

from allauth.account import views
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkey
from allauth.socialaccount.providers.github import views as github
from allauth.socialaccount.providers.google import views as google
from django.urls import path
from django.views.generic import RedirectView

from cohorts.providers import if_set
from cohorts.views import sign_in
from cohorts.views.sign_in import by_the_factor
from mats.identity.fresh import asks_again


def guarded(view: Callable[..., Any]) -> Callable[..., Any]:
    """What changes how somebody signs in: a fresh sign-in, and a second factor where there is one."""
    return asks_again(by_the_factor(view))


# allauth goes here after a change; what it would list stands on the page of one's own sign-in.
to_security = RedirectView.as_view(pattern_name="security")

urlpatterns = [
    path("login/", sign_in.SignInView.as_view(), name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("signup/", views.signup, name="account_signup"),
    path("login/code/", views.request_login_code, name="account_request_login_code"),
    path("login/code/confirm/", views.confirm_login_code, name="account_confirm_login_code"),
    path("login/passkey/", passkey.login_webauthn, name="mfa_login_webauthn"),
    path("login/second-factor/", factor.authenticate, name="mfa_authenticate"),
    path("password/change/", asks_again(views.password_change), name="account_change_password"),
    path("password/set/", asks_again(views.password_set), name="account_set_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/confirm/", views.confirm_password_reset_code, name="account_confirm_password_reset_code"),
    path("password/reset/complete/", views.complete_password_reset, name="account_complete_password_reset"),
    path("password/reset/done/", views.password_reset_from_key_done, name="account_password_reset_completed"),
    path("second-factor/", sign_in.second_factor, name="second_factor"),
    path("second-factor/all/", to_security, name="mfa_index"),
    path("authenticator/add/", guarded(sign_in.ActivateView.as_view()), name="mfa_activate_totp"),
    path("authenticator/remove/", guarded(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("recovery-codes/", guarded(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("recovery-codes/new/", guarded(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("recovery-codes/file/", guarded(recovery.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("passkeys/", to_security, name="mfa_list_webauthn"),
    path("passkeys/add/", guarded(sign_in.AddPasskeyView.as_view()), name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/rename/", guarded(passkey.edit_webauthn), name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", guarded(sign_in.RemovePasskeyView.as_view()), name="mfa_remove_webauthn"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("reauthenticate/code/", sign_in.confirm_by_code, name="confirm_by_code"),
    path("reauthenticate/authenticator/", factor.reauthenticate, name="mfa_reauthenticate"),
    path("reauthenticate/passkey/", passkey.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("google/", if_set("google", google.oauth2_login), name="google_login"),
    path("google/back/", if_set("google", google.oauth2_callback), name="google_callback"),
    path("github/", if_set("github", github.oauth2_login), name="github_login"),
    path("github/back/", if_set("github", github.oauth2_callback), name="github_callback"),
]
