"""The admin's pages stand in the product's own frame, and are held to the same."""

from __future__ import annotations


def test_admin_pages_are_accessible(page_as, cast, assert_accessible):
    cast.stranger.is_superuser = True
    cast.stranger.save()
    page = page_as(cast.stranger, width=360, scheme="dark")
    for address in ("/admin/", "/admin/person/", f"/admin/person/{cast.scholar.pk}/", "/admin/message/?e=1"):
        page.goto(address)
        assert page.get_by_role("heading", level=1).count() == 1
        assert_accessible(page)
