"""Addresses of cohorts."""

from django.urls import path

from cohorts.views import caseload, cohort, duty, ending, leave, person, phase, security, site, stay
from cohorts.views.first_hour import agreement_change, agreement_tick, first_hour
from cohorts.views.invitation import invitation_address, invitation_resend, invitation_revoke, invitations
from cohorts.views.invite import invite
from cohorts.views.join import invitation_accept, join
from cohorts.views.profile import profile

urlpatterns = [
    path("me/", profile, name="profile"),
    path("me/security/", security.security, name="security"),
    path("me/sessions/", security.sessions, name="sessions"),
    path("me/address/", security.address_change, name="address_change"),
    path("me/address/confirm/", security.address_confirm, name="address_confirm"),
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
    path("c/<slug:slug>/people/invite/", invite, name="invite"),
    path("c/<slug:slug>/invitations/", invitations, name="invitations"),
    path("invitations/<uuid:pk>/resend/", invitation_resend, name="invitation_resend"),
    path("invitations/<uuid:pk>/revoke/", invitation_revoke, name="invitation_revoke"),
    path("invitations/<uuid:pk>/address/", invitation_address, name="invitation_address"),
    path("invitations/<uuid:pk>/accept/", invitation_accept, name="invitation_accept"),
    path("join/<str:token>/", join, name="join"),
    path("places/<uuid:pk>/first-hour/", first_hour, name="first_hour"),
    path("places/<uuid:pk>/agreement/", agreement_tick, name="agreement_tick"),
    path("c/<slug:slug>/agreement/", agreement_change, name="agreement_change"),
    path("people/<uuid:pk>/", person.person, name="person"),
    path("people/<uuid:pk>/remove/", person.person_remove, name="person_remove"),
    path("people/<uuid:pk>/end/", ending.place_end, name="place_end"),
    path("people/<uuid:pk>/withdraw/", ending.place_withdraw, name="place_withdraw"),
    path("endings/<uuid:pk>/", ending.ending, name="ending"),
    path("endings/<uuid:pk>/confirm/", ending.ending_confirm, name="ending_confirm"),
    path("endings/<uuid:pk>/drop/", ending.ending_drop, name="ending_drop"),
    path("c/<slug:slug>/complete/", ending.places_complete, name="places_complete"),
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
