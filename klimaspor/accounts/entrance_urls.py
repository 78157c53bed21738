"""
Danish addresses for allauth's pages, under the names allauth knows them by.

Its own urls would give them English ones. A test holds the names against allauth's.
"""

from django.conf import settings
from django.urls import path, re_path

from allauth.account import views
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as oidc

from klimaspor.accounts.views.address import Address
from klimaspor.accounts.views.organization import leave

urlpatterns = [
    path("log-paa/", views.login, name="account_login"),
    path("log-paa/kode/", views.confirm_login_code, name="account_confirm_login_code"),
    path("log-af/", views.logout, name="account_logout"),
    path("lukket/", views.account_inactive, name="account_inactive"),
    path("opret/", views.signup, name="account_signup"),
    path("bekraeft-dig/", views.reauthenticate, name="account_reauthenticate"),
    path("e-mail/", Address.as_view(), name="account_email"),
    path(
        "bekraeft-e-mail/",
        views.email_verification_sent,
        name="account_email_verification_sent",
    ),
    re_path(
        r"^bekraeft-e-mail/(?P<key>[-:\w]+)/$", views.confirm_email, name="account_confirm_email"
    ),
    path("adgangskode/skift/", views.password_change, name="account_change_password"),
    path("adgangskode/vaelg/", views.password_set, name="account_set_password"),
    path("adgangskode/glemt/", views.password_reset, name="account_reset_password"),
    path("adgangskode/glemt/sendt/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^adgangskode/ny/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "adgangskode/ny/klar/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("totrin/", mfa.index, name="mfa_index"),
    path("totrin/kode/", mfa.authenticate, name="mfa_authenticate"),
    path("totrin/bekraeft-dig/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("totrin/app/til/", app.activate_totp, name="mfa_activate_totp"),
    path("totrin/app/fra/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("totrin/noedkoder/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "totrin/noedkoder/nye/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"
    ),
    path(
        "totrin/noedkoder/hent/",
        codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]
organization_urls = [
    path("organisation/", social.connections, name="socialaccount_connections"),
    path("organisation/afbrudt/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("organisation/fejl/", social.login_error, name="socialaccount_login_error"),
    path("organisation/opret/", social.signup, name="socialaccount_signup"),
    path("oidc/<slug:provider_id>/login/", leave, name="openid_connect_login"),
    # The services know it, so it is as allauth would have it.
    path("oidc/<slug:provider_id>/login/callback/", oidc.callback, name="openid_connect_callback"),
]
if settings.OIDC_URL:
    urlpatterns += organization_urls
