import datetime as dt, time, uuid
from django.db import connection
from django.urls import reverse
from cohorts.models import *
from mentorship.models import *
from tests.cast import *
from tests.mentorship.counting import questions

def test_big(cast, client):
    N=600
    people=[Person(email=f"p{i}@example.org", name=f"P {i}", time_zone=LONDON, created_at=LONG_AGO) for i in range(2*N)]
    for p in people: p.set_unusable_password()
    Person.objects.bulk_create(people)
    ms=[Membership(person=p, cohort=cast.cohort, role="scholar" if i<N else "mentor", created_at=LONG_AGO) for i,p in enumerate(people)]
    Membership.objects.bulk_create(ms)
    main=cast.cohort.main_phase
    Stay.objects.bulk_create([Stay(membership=m, phase=main, starts_on=FIRST_DAY, ends_on=LAST_DAY, time_zone=LONDON, created_at=LONG_AGO) for m in ms])
    prs=[Pairing(cohort=cast.cohort, scholar=ms[i], mentor=ms[N+i], starts_on=FIRST_DAY, ends_on=LAST_DAY, created_at=LONG_AGO) for i in range(N)]
    Pairing.objects.bulk_create(prs)
    logs=[];mts=[];atts=[];weeks=[];acts=[];leaves=[]
    for i in range(N):
        for w in range(1,15):
            due=dt.datetime.combine(week_start(w)+dt.timedelta(days=2), dt.time(18), tzinfo=dt.UTC)
            sent = due if (i+w)%4 else None
            logs.append(WeeklyLog(scholar=ms[i], week_starts_on=week_start(w), number=w, due_at=due, submitted_at=sent, done="x" if sent else "", created_at=LONG_AGO))
            pl=(due, due+dt.timedelta(minutes=30))
            m=Meeting(cohort=cast.cohort, planned=pl, outcome="met" if (i+w)%3 else "did_not_meet", outcome_at=due, created_at=LONG_AGO)
            mts.append(m)
            for q in (people[i], people[N+i]): atts.append(Attendance(meeting=m, person=q, during=pl))
            weeks.append(PairingWeek(pairing=prs[i], week_starts_on=week_start(w), number=w, closes_at=due+dt.timedelta(days=4), meeting=m, created_at=LONG_AGO))
            for k in range(3):
                acts.append(Action(pairing=prs[i], owner=ms[i], added_by=people[i], what=f"a{k}", created_at=LONG_AGO, done_at=due if k else None))
        leaves.append(Leave(membership=ms[i], starts_on=week_start(3), ends_on=week_start(4), created_at=LONG_AGO))
    WeeklyLog.objects.bulk_create(logs); Meeting.objects.bulk_create(mts); Attendance.objects.bulk_create(atts); PairingWeek.objects.bulk_create(weeks); Action.objects.bulk_create(acts); Leave.objects.bulk_create(leaves)
    Absence.objects.bulk_create([Absence(meeting=m, said_by=people[j//14], who="mentor", created_at=LONG_AGO) for j,m in enumerate(mts) if m.outcome=="did_not_meet"])
    with connection.cursor() as c:
        c.execute("set jit=off")
    for analyzed in (0,1):
        if analyzed:
            with connection.cursor() as c:
                try: c.execute("analyze mentorship_weeklylog"); c.execute("analyze")
                except Exception as e: print(e)
        client.force_login(cast.staff)
        with time_machine.travel(dt.datetime(2027,4,10,12,tzinfo=dt.UTC)):
            client.force_login(cast.staff)
            for _ in range(3):
                t=time.time(); r=client.get(reverse("evidence", args=[cast.cohort.slug])); print("table", analyzed, round(time.time()-t,3), r.status_code, len(r.content))
            for who in (cast.staff, people[0], people[N]):
                client.force_login(who)
                for _ in range(2):
                    t=time.time(); r=client.get(reverse("standing", args=[ms[0].pk])); print("standing", round(time.time()-t,3), r.status_code, len(r.content))
                print(questions(client, reverse("standing", args=[ms[0].pk])), questions(client, reverse("extension", args=[cast.cohort.slug])))
    open("/tmp/h/standing.html","wb").write(client.get(reverse("standing", args=[ms[0].pk])).content) if False else None
    with time_machine.travel(dt.datetime(2027,4,10,12,tzinfo=dt.UTC)):
        client.force_login(cast.staff)
        open("/tmp/h/standing.html","wb").write(client.get(reverse("standing", args=[ms[0].pk])).content)
        open("/tmp/h/extension.html","wb").write(client.get(reverse("extension", args=[cast.cohort.slug])).content)
        open("/tmp/h/evidence.html","wb").write(client.get(reverse("evidence", args=[cast.cohort.slug])).content)
import time_machine
