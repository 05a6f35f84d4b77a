"""A passkey in a real browser: made, then enough to sign in with. Its script stands the strict policy."""

from __future__ import annotations

import re

from allauth.mfa.models import Authenticator

from tests.browser.conftest import PATIENCE_MS

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_passkey_is_made_and_signs_in(page_as, cast, live_server, assert_accessible):
    """Browsers know passkeys at localhost, not at a bare number."""
    here = live_server.url.replace("127.0.0.1", "localhost")
    page = page_as()
    line = page.context.new_cdp_session(page)
    line.send("WebAuthn.enable")
    line.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    cast.coach.set_password("correct horse battery")
    cast.coach.save()
    page.goto(f"{here}/accounts/login/")
    page.get_by_label("Email").fill(cast.coach.email)
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Set up a passkey").click()
    assert_accessible(page)
    page.get_by_role("button", name="Make the passkey").click()
    page.get_by_role("heading", name="Your recovery codes").wait_for(timeout=PATIENCE_MS)
    assert_accessible(page)
    page.get_by_role("link", name=re.compile("go on")).click()
    assert Authenticator.objects.filter(user=cast.coach, type="webauthn").count() == 1
    page.goto(f"{here}/me/security/")
    assert_accessible(page)
    page.context.clear_cookies()
    page.goto(f"{here}/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{here}/")
    assert page.get_by_role("heading", level=1).count() == 1
