"""Text survives a session that ended, with the profile as the form."""

from __future__ import annotations

from django.conf import settings
from playwright.sync_api import expect

PASSWORD = "correct horse battery"


def sign_in_elsewhere(page, person):
    tab = page.context.new_page()
    tab.goto("/accounts/login/")
    tab.get_by_label("Email").fill(person.email)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Sign in", exact=True).click()
    tab.close()


def test_form_sent_after_the_session_ended_is_saved_in_the_end(page_as, cast, complaints, assert_accessible):
    cast.scholar.set_password(PASSWORD)
    cast.scholar.save()
    page = page_as(cast.scholar)
    page.goto("/me/")
    page.get_by_label("Name").fill("Sana S. Scholar")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)

    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    assert_accessible(page)
    sign_in_elsewhere(page, cast.scholar)
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_role("heading", name="Please send this once more")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_label("Name")).to_have_value("Sana S. Scholar")
    cast.scholar.refresh_from_db()
    assert cast.scholar.name == "Sana S. Scholar"
    complaints.clear()


def test_second_press_sends_no_second_form(page_as, cast):
    page = page_as(cast.scholar)
    page.goto("/me/")
    sent = []
    page.on("request", lambda request: sent.append(request.method) if request.method == "POST" else None)

    page.get_by_role("button", name="Save", exact=True).dblclick()
    page.wait_for_load_state("networkidle")

    assert sent == ["POST"]


def test_file_over_the_limit_is_refused_before_it_travels(page_as, cast):
    page = page_as(cast.staff)
    page.goto("/gallery/")

    page.locator("#id_file").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": b"x" * (10 * 1024 * 1024 + 1)}
    )

    words = page.locator("#id_file").evaluate("field => field.validationMessage")
    assert words == "people.csv is larger than 10 MB. Choose a smaller file."
