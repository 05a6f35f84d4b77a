"""What the demo's people write about extensions: plans, approvals, opinions and reasons."""

PLANS = (
    "Turn the probe into a monitor that a lab can run on its own traces, and write up where it fails. "
    "The first six weeks are for a second model family; after that the paper.",
    "Replicate the main result on two open models, publish code and data, and test the claim that I doubt "
    "most: that it holds without the system prompt.",
    "Finish the evaluation suite with the team in London, get five outside people to use it, and rewrite what "
    "they trip over.",
    "Follow the negative result: show under which conditions the method cannot work, so that others need not try.",
)
IF_REFUSED = (
    "I would finish the write-up by the end of the phase and apply for a grant to go on at my university.",
    "I would go back to my post in September and keep the repository going in the evenings.",
    "",
)
SEEN_DONE = (
    "Built the whole pipeline alone, found the bug that three of us had missed, and wrote it up before being asked.",
    "Turned a vague question into an experiment within two weeks, and dropped the first idea when the data said so.",
    "Reads closely, asks early, and says what did not work.",
)
SEEN_LITTLE = "Two of the four experiments of the plan; the others were started and left when they got hard."
MONTHS_FOR = (
    "The second model family, and a paper that stands on two legs.",
    "To get the tool into the hands of people outside this programme.",
    "To write the negative result up properly.",
)
FOR_COMMITTEE = "Would take them into my own group tomorrow."
DOUBTS = "I doubt that more months change it: what is missing is not time. We have not spoken about this yet."
OPINIONS = {
    "yes": "The result is theirs, and the plan follows from it. The mentor has seen them do the hard part.",
    "if_room": "Good work so far; the plan is thin beyond the first two months.",
    "not_now": "Nothing of the plan has come out yet, and the mentor has said since mid-point what is missing.",
}
GRANTED = "The plan follows from a result that is there, and a mentor has seen them do it."
TO_WAIT = "As good as those we granted; the places went to plans that need the months more."
REFUSED = "The plan repeats what the main phase was for, and the mentor does not see what the months would add."
WOULD_CHANGE = "One result of your own, written up so that somebody else could go on from it."
ASKED = "Which of the two experiments would you drop if only one can be done, and why?"
APPEAL = "The second result came out after my application; it is linked in my outputs now. Please look at it."
NAMED_WHY = "The lead mentor and the scholar share a flat since January; neither wants that in anybody's mind."
TALKED = "They think the scholar is strong, but have seen little of the writing. They would mentor the term."
