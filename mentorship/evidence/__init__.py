"""Where a scholar stands on what a cohort looks for: five lines, each with the rows behind it.

Read live from logs, meetings, milestones, actions and outputs; nothing is kept, so a correction
shows at once. The five are never put together: there is no sum, no order and no verdict.

A row *counts* or does not, and one that counts is *kept* or is not. What each line means:

rhythm      a row a week, its weekly log. A log that was sent is kept, late ones too, in a week away
            too. One that is past due and was not sent counts. Not counted: a week wholly away (by
            leave, or as the log itself says), a week in which the scholar had no mentor, a log that
            is not due yet. In words "yes" from `rhythm_yes` percent of the weeks that count, "partly"
            from `rhythm_partly`, else "no"; with no such week "nothing to count yet".
meetings    a row for each week of a pairing, one for a meeting with several mentors. Met is kept.
            Did not meet counts, as does a week that closed with nothing planned. Not counted: a week
            wholly away on either side; missed by the mentor (or by both); called off by anybody but
            the scholar. Where nobody said whether they met it is "not known" and does not count.
            Who was missing is read from the accounts that this reader may read (see "absence" in the
            access table), so a mentor's figure and the scholar's may differ.
milestones  a row for each milestone that the scholar owes; passed is kept. It counts once it is due,
            or passed.
actions     a row for each action that the scholar owes. Done is kept, and so is dropped, which always
            has its reason. Past its day and open counts. Any other open one is "still open".
outputs     a row for each; only their number is told.

Never read here: the chances that a scholar puts on a milestone, 1-1s, help wanted, concerns, and
anything else of coaching.
"""

from mentorship.evidence.reading import Count, Row, count, counts_of, counts_of_one, rows_of

__all__ = ["Count", "Row", "count", "counts_of", "counts_of_one", "rows_of"]
