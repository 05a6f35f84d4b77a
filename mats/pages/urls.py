"""Addresses of mats.pages."""

from django.conf import settings
from django.urls import path

from mats.pages.views import importing, own_data
from mats.pages.views.cohort_health import cohort_health, cohort_health_csv
from mats.pages.views.demo import demo_sign_in
from mats.pages.views.gallery import gallery
from mats.pages.views.go import go
from mats.pages.views.health import healthz, readyz
from mats.pages.views.history import history, my_history
from mats.pages.views.home import home
from mats.pages.views.log import write_log
from mats.pages.views.messages import message, messages
from mats.pages.views.set_up import cohort_remove, set_up
from mats.pages.views.timeline import timeline
from mats.pages.views.who_sees import who_sees_here, who_sees_what

urlpatterns = [
    path("", home, name="home"),
    path("c/<slug:slug>/health/", cohort_health, name="cohort_health"),
    path("go/<str:token>/", go, name="go"),
    path("c/<slug:slug>/health.csv", cohort_health_csv, name="cohort_health_csv"),
    path("people/<uuid:pk>/timeline/", timeline, name="timeline"),
    path("history/<slug:kind>/<uuid:pk>/", history, name="history"),
    path("me/history/", my_history, name="my_history"),
    path("who-sees-what/", who_sees_what, name="who_sees_what"),
    path("people/<uuid:pk>/who-sees/", who_sees_here, name="who_sees_here"),
    path("c/<slug:slug>/set-up/", set_up, name="set_up"),
    path("c/<slug:slug>/remove/", cohort_remove, name="cohort_remove"),
    path("logs/<uuid:pk>/write/", write_log, name="log_write"),
    path("gallery/", gallery, name="gallery"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("c/<slug:slug>/messages/", messages, name="messages"),
    path("messages/<uuid:pk>/", message, name="message"),
    path("me/data/", own_data.my_data, name="my_data"),
    path("me/data/export/", own_data.export_ask, name="export_ask"),
    path("me/data/erasure/", own_data.erasure_ask, name="erasure_ask"),
    path("exports/<uuid:pk>/", own_data.export_download, name="export_download"),
    path("erasures/", own_data.erasures, name="erasures"),
    path("erasures/<uuid:pk>/", own_data.erasure, name="erasure"),
    path("erasures/<uuid:pk>/withdraw/", own_data.erasure_withdraw, name="erasure_withdraw"),
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
