import pytest, re
from django.test import Client
from django.urls import reverse
from tests.access.visitors import client_of
from tests.cohorts.joining import an_invited, link_of
@pytest.mark.django_db(databases=["default","outside"])
def test_x(cast):
    row = an_invited(cast)
    pages = {"join": Client().get(link_of(row)), "first": client_of(cast.scholar).get(reverse("first_hour", args=[cast.place["scholar"].pk])),
     "mfirst": client_of(cast.mentor).get(reverse("first_hour", args=[cast.place["mentor"].pk])),
     "invitations": client_of(cast.staff).get(reverse("invitations", args=[cast.cohort.slug])),
     "invite": client_of(cast.staff).post(reverse("invite", args=[cast.cohort.slug]), {"role": "scholar", "lines": "Ana <a@b.org>\nx"}),
     "home": client_of(row.membership.person).get("/"),
    }
    open("/tmp/h/pagesI.txt","w").write("\n\n=====\n".join(k+str(v.status_code)+"\n"+re.sub(r"<option.*?</option>","",v.content.decode().split("<main")[-1], flags=re.S) for k,v in pages.items()))
