"""How somebody comes in: the invitation to a place, the agreements they tick, whom to call for them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from cohorts.models.cohort import Cohort
from cohorts.models.membership import Membership
from cohorts.models.person import Person
from mats.history.record import Record
from mats.history.tracking import tracked


@tracked(exclude=["token_hash"])
class Invitation(Record):
    """A letter with a link that accepts one place, once, until `expires_at`, for one address.

    The role is that of the place; a link says nothing of it. Only the hash of the link's token is
    kept. Sent again it is another row: the one before is revoked.
    """

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="invitations")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="invitations")
    email = models.EmailField(max_length=254)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                "membership", condition=Q(accepted_at=None, revoked_at=None), name="place_invited_once_at_a_time"
            ),
            models.CheckConstraint(condition=Q(accepted_at=None) | Q(revoked_at=None), name="invitation_ends_one_way"),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(accepted_at__lt=F("expires_at")), name="invitation_accepted_in_time"
            ),
        ]


@tracked()
class Agreement(Record):
    """What everybody of a cohort ticks before they begin, in a numbered version."""

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="agreements")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint("cohort", "number", name="agreement_numbered_once"),
            models.CheckConstraint(condition=~Q(text=""), name="agreement_has_words"),
        ]


@tracked()
class AgreementTick(Record):
    """Somebody has read this version of the agreement and agrees."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="ticks")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="ticks")

    class Meta:
        ordering = ["created_at"]
        constraints = [models.UniqueConstraint("membership", "agreement", name="agreement_ticked_once")]


@tracked()
class Contact(Record):
    """Whom to call when it matters; the person's own to give. `is_nobody` says that there shall be nobody."""

    person = models.OneToOneField(Person, models.PROTECT, related_name="contact")
    phone = models.CharField(max_length=40, blank=True, default="")
    emergency_name = models.CharField(max_length=120, blank=True, default="")
    emergency_phone = models.CharField(max_length=40, blank=True, default="")
    is_nobody = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_nobody=False) | Q(emergency_name="", emergency_phone=""),
                name="contact_is_somebody_or_nobody",
            )
        ]
