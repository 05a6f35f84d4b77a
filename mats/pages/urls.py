"""Addresses of mats.pages."""

from django.conf import settings
from django.urls import path

from mats.pages.views import importing
from mats.pages.views.cohort_health import cohort_health, cohort_health_csv
from mats.pages.views.demo import demo_sign_in
from mats.pages.views.gallery import gallery
from mats.pages.views.go import go
from mats.pages.views.health import healthz, readyz
from mats.pages.views.home import home
from mats.pages.views.log import write_log
from mats.pages.views.messages import message, messages
from mats.pages.views.timeline import timeline

urlpatterns = [
    path("", home, name="home"),
    path("c/<slug:slug>/health/", cohort_health, name="cohort_health"),
    path("go/<str:token>/", go, name="go"),
    path("c/<slug:slug>/health.csv", cohort_health_csv, name="cohort_health_csv"),
    path("people/<uuid:pk>/timeline/", timeline, name="timeline"),
    path("logs/<uuid:pk>/write/", write_log, name="log_write"),
    path("gallery/", gallery, name="gallery"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("c/<slug:slug>/messages/", messages, name="messages"),
    path("messages/<uuid:pk>/", message, name="message"),
    path("cohorts/import/", importing.import_new, name="import_new"),
    path("cohorts/import/<slug:kind>.csv", importing.import_template, name="import_template"),
    path("c/<slug:slug>/import/", importing.import_into, name="import"),
    path("imports/<uuid:pk>/", importing.import_run, name="import_run"),
    path("imports/<uuid:pk>/confirm/", importing.import_confirm, name="import_confirm"),
    path("imports/<uuid:pk>/store/", importing.import_store, name="import_store"),
    path("imports/<uuid:pk>/discard/", importing.import_discard, name="import_discard"),
]
if settings.DEMO:
    urlpatterns += [path("demo/sign-in/", demo_sign_in, name="demo_sign_in")]
