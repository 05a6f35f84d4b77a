"""What the demo's scholars submit, what their readers and mentors say, and what came of it. All invented."""

# ruff: noqa: E501 - people's sentences stay in one piece

from __future__ import annotations

from mats.pages.demo_cohort.research import Project


def a_plan(project: Project, *, first: bool) -> str:
    """A research plan; the first version names no figures in its deliverables."""
    title = project.title.rstrip("?")
    when = (
        "- A note with a first result.\n- A figure and a draft."
        if first
        else "- By the end of week 5: one table with three seeds and confidence intervals, in the shared folder.\n"
        "- By the end of week 9: the main figure, and a note of what failed, read by two people outside the project.\n"
        "- By week 13: a poster, and a draft of eight pages that somebody else can reproduce from the repository."
    )
    change = (
        ""
        if first
        else "\n\n## What would change the direction\n\nIf the first table shows no difference beyond noise by week 5, I stop and write up the negative result."
    )
    return (
        f"## Question\n\n{title}.\n\n"
        "## Threat model\n\nSystems are trusted with more than anybody checks. If what we measure can be satisfied without the property we care about, "
        "those who deploy will believe in a safety that is not there, and nobody will notice before it matters.\n\n"
        "## Theory of change\n\nThe people who decide on a deployment use evaluations like this one. A clear result, in either direction, changes which of them "
        f"they rely on, and what they ask for next.\n\n## First step\n\n{project.weeks[0][1]}\n\n## Deliverables\n\n{when}{change}"
    )


def a_midpoint(project: Project) -> str:
    """A page at mid-point."""
    return (
        f"**Learned so far.** {project.weeks[2][0]}\n\n**What changed my mind.** {project.weeks[4][0]}\n\n"
        f"**The second half.** {project.weeks[5][1]}\n\n**What could stop me.** {project.stuck[0]}"
    )


FEEDBACK = (
    "The question is clear and I believe that somebody would act on the answer. I would move the baseline to the front: without it the rest is hard to read.",
    "I enjoyed this. The threat model is concrete enough to argue with, which is what it is for. Say who has tried something like it before you.",
    "Good that you say what would change your mind. The weeks after the mid-point look full; leave one of them empty.",
    "The plan hangs on one data set. Name a second one now, so that a surprise there does not cost you a month.",
)
REASONS = {
    "pass": (
        "All of the rubric is there, and the dates fit the weeks that are left.",
        "It says what would be learned either way, and by when.",
    ),
    "revise": (
        "The deliverables can't be checked yet: say how many, by when, and how somebody would see that it is done.",
        "The theory of change ends with “people will know”. Say who, and what they would do differently.",
    ),
}

# kind, title, venue, state
OUTPUTS = (
    ("post", "A first look: {project}", "Research notes", "public"),
    ("code", "Code for “{project}”", "", "public"),
    ("paper", "{project}", "Workshop on safe systems", "submitted"),
    ("dataset", "Labelled answers for “{project}”", "", "drafted"),
    ("talk", "What did not work: {project}", "Reading group", "public"),
)

ON_COURSE = (
    "The first result came a week early and survived my attempts to break it.",
    "Works independently, asks when stuck, writes things down. The question got sharper.",
    "The negative result in week five was handled exactly right.",
)
TOO_EARLY = (
    "The set-up took longer than either of us thought. I expect to know after the next two tables.",
    "Good weeks and thin weeks. I would like to see one result carried to its end.",
)
NOT_NOW = (
    "There has been no result that we could look at together since week three, and the plan has changed twice.",
    "We met twice in five weeks, and the baseline is still missing.",
)
WOULD_CHANGE = (
    "One finished experiment, however small, with its write-up, by the end of week ten.",
    "The baseline in the shared folder, and a meeting in each of the next three weeks.",
)
AGREED = "The last weeks were harder than the logs say. We agreed on one experiment to finish, and on asking for help on the day it is needed."
