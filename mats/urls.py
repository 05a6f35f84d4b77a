"""Every address of the product."""

from django.urls import include, path

from mats.pages.admin import site

handler400 = "mats.pages.errors.bad_request"
handler403 = "mats.pages.errors.forbidden"
handler404 = "mats.pages.errors.not_found"
handler429 = "mats.pages.errors.too_many"
handler500 = "mats.pages.errors.server_error"

urlpatterns = [
    path("", include("mats.pages.urls")),
    path("", include("mats.forms.urls")),
    path("", include("mats.post.urls")),
    path("", include("cohorts.urls")),
    path("", include("mentorship.urls")),
    path("", include("coaching.urls")),
    path("accounts/", include("cohorts.account_urls")),
    path("admin/", site.urls),
]
