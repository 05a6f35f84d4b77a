from __future__ import annotations
import pytest
from collections.abc import Iterator
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from django.urls import reverse
from tests.passkeys import a_passkey
from tests.browser.conftest import too_wide
AXE = Axe()
RULES = """async () => (await axe.run()).violations.flatMap(
    rule => rule.nodes.map(node => `${rule.id}: ${node.html} ${node.failureSummary}`))"""
LOOKS = [(1280, "light"), (360, "dark")]
def faults(page: Page, complaints: list[str]) -> Iterator[str]:
    """What is wrong with the page that is open, in every look, with its folds open."""
    yield from complaints
    complaints.clear()
    if page.locator("h1").count() != 1:
        yield f"{page.locator('h1').count()} h1"
    if not page.title().removesuffix("· MATS Cohort").strip():
        yield "no title"
    page.evaluate("document.querySelectorAll('main details').forEach(fold => { fold.open = true; })")
    page.evaluate(AXE.axe_script)
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        yield from (f"{width} {scheme}: {violation}" for violation in page.evaluate(RULES))
        if too_wide(page):
            yield f"{width}: scrolls sideways"
    # axe tries styles on elements while it measures; the policy stops them, and says so.
    complaints.clear()



MINE = ["security","sessions","address_change","confirm_by_code","mfa_activate_totp","mfa_generate_recovery_codes","mfa_add_webauthn","mfa_edit_webauthn","mfa_remove_webauthn","mfa_reauthenticate_webauthn","profile","account_login","account_set_password"]

@pytest.mark.parametrize("who", ["scholar", "coach", None])
def test_mine(page_as, cast, complaints, who):
    key = a_passkey(cast.scholar)[1]
    page = page_as(getattr(cast, who) if who else None)
    found = {}
    for n in MINE:
        a = reverse(n, kwargs={"pk": key.pk} if "edit" in n or "remove" in n else {})
        if not who and n != "account_login": continue
        r = page.goto(a)
        if r.status != 200: complaints.clear(); continue
        found[a] = list(faults(page, complaints))
    cast.stranger.is_superuser=True; cast.stranger.save()
    if who == "coach":
        page = page_as(cast.stranger)
        for a in ["/admin/","/admin/person/",f"/admin/person/{cast.scholar.pk}/", "/admin/message/"]:
            page.goto(a)
            found[a] = list(faults(page, complaints))
    for a, w in found.items(): print(a, w)
    assert not any(found.values())

@pytest.mark.real_sign_in
def test_set_up(page_as, cast, complaints):
    page = page_as(cast.coach)
    page.goto("/")
    assert page.url.endswith("/accounts/second-factor/")
    assert list(faults(page, complaints)) == []
    page = page_as(cast.scholar)
    page.goto("/me/address/")
    assert "reauthenticate/code" in page.url
    assert list(faults(page, complaints)) == []
