"""Addresses of cohorts."""

from django.urls import path

from cohorts.views import caseload, cohort, duty, leave, person, phase, site, stay
from cohorts.views.profile import profile

urlpatterns = [
    path("me/", profile, name="profile"),
    path("cohorts/", cohort.cohort_list, name="cohort_list"),
    path("cohorts/new/", cohort.cohort_new, name="cohort_new"),
    path("c/<slug:slug>/", cohort.cohort, name="cohort"),
    path("c/<slug:slug>/change/", cohort.cohort_change, name="cohort_change"),
    path("c/<slug:slug>/phases/new/", phase.phase_add, name="phase_add"),
    path("phases/<uuid:pk>/change/", phase.phase_change, name="phase_change"),
    path("phases/<uuid:pk>/remove/", phase.phase_remove, name="phase_remove"),
    path("c/<slug:slug>/sites/new/", site.site_add, name="site_add"),
    path("sites/<uuid:pk>/change/", site.site_change, name="site_change"),
    path("sites/<uuid:pk>/remove/", site.site_remove, name="site_remove"),
    path("c/<slug:slug>/duties/", duty.duties, name="duties"),
    path("c/<slug:slug>/duties/new/", duty.duty_new, name="duty_new"),
    path("duties/<uuid:pk>/end/", duty.duty_end, name="duty_end"),
    path("c/<slug:slug>/people/", person.people, name="people"),
    path("c/<slug:slug>/people/new/", person.person_add, name="person_add"),
    path("people/<uuid:pk>/", person.person, name="person"),
    path("people/<uuid:pk>/remove/", person.person_remove, name="person_remove"),
    path("people/<uuid:pk>/stays/new/", stay.stay_add, name="stay_add"),
    path("stays/<uuid:pk>/change/", stay.stay_change, name="stay_change"),
    path("stays/<uuid:pk>/remove/", stay.stay_remove, name="stay_remove"),
    path("people/<uuid:pk>/leave/new/", leave.leave_add, name="leave_add"),
    path("leave/<uuid:pk>/change/", leave.leave_change, name="leave_change"),
    path("leave/<uuid:pk>/remove/", leave.leave_remove, name="leave_remove"),
    path("c/<slug:slug>/caseloads/new/", caseload.caseload_new, name="caseload_new"),
    path("caseloads/<uuid:pk>/change/", caseload.caseload_change, name="caseload_change"),
    path("caseloads/<uuid:pk>/end/", caseload.caseload_end, name="caseload_end"),
    path("caseloads/<uuid:pk>/hand-over/", caseload.caseload_hand_over, name="caseload_hand_over"),
    path("caseloads/<uuid:pk>/remove/", caseload.caseload_remove, name="caseload_remove"),
]
