"""What the demo's scholars write: projects with six weeks of progress each.

Invented for the demo; no real person's work and no real result.
"""

# ruff: noqa: E501 - people's sentences stay in one piece

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Project:
    """A line of research: for each of six weeks what was done and learned, and what is next."""

    title: str
    weeks: tuple[tuple[str, str], ...]
    stuck: tuple[str, ...]


PROJECTS = (
    Project(
        "Probes for deception that hold up when the topic changes",
        (
            (
                "Read eleven papers on linear probes and wrote a two-page summary. Most test on the topic they trained on; nobody reports transfer with confidence intervals.",
                "Collect three small data sets of honest and deceptive answers.",
            ),
            (
                "Built the first data set: 1,200 pairs about trivia, checked 100 by hand, 6 labels were wrong.",
                "Train a logistic probe on layers 8 to 24 and look at where it peaks.",
            ),
            (
                "Probe reaches 0.91 AUROC on held-out trivia, 0.58 on the geography set. So it learned the topic, not the deception.",
                "Try mean-difference directions and remove the topic first.",
            ),
            (
                "Removing the topic direction brings geography to 0.71. Layer 15 is best for both, which I did not expect.",
                "Run the ablation on five seeds and write down the prediction before looking.",
            ),
            (
                "Five seeds done. My prediction (0.75 or more on all sets) was wrong for code questions: 0.62. I changed my mind about layer choice.",
                "Plot the per-question errors and show two examples of each kind.",
            ),
            (
                "Errors cluster in answers with numbers. Wrote the first draft of the method section, 900 words.",
                "Ask for a reading of the draft and start the figure with all three sets.",
            ),
        ),
        (
            "Not sure whether 1,200 pairs are enough to say anything about layer 15.",
            "The code set is too easy to label wrongly; I would like a second pair of eyes.",
        ),
    ),
    Project(
        "Does debate help a weaker judge on questions it cannot check?",
        (
            (
                "Re-ran a published consultancy baseline with a small judge. Accuracy 64 % against 67 % reported.",
                "Set up two-sided debate with the same questions.",
            ),
            (
                "Debate loop runs; 40 transcripts read by hand. Debaters quote passages that do not exist in about one of eight turns.",
                "Add a quote checker and count again.",
            ),
            (
                "With the quote checker, made-up quotes fall to one in fifty. Judge accuracy went from 66 % to 71 % (n = 400).",
                "Same experiment with three turns and with one turn.",
            ),
            (
                "One turn is as good as three within the noise. That is a negative result and saves most of the compute.",
                "Test on the harder question set that the judge cannot read.",
            ),
            (
                "Hard set: debate 58 %, consultancy 57 %, n = 300. No difference that I would believe.",
                "Look at the transcripts where the judge changed its mind.",
            ),
            (
                "Read 60 transcripts. The judge follows the longer answer in 41 of them; length may explain the easy-set gain.",
                "Control for length and run the easy set again.",
            ),
        ),
        (
            "Judge calls use most of my budget; I need to know whether a smaller sample is acceptable.",
            "I cannot tell whether the judge is persuaded or just confused.",
        ),
    ),
    Project(
        "Circuits behind refusals in small chat models",
        (
            (
                "Reproduced the single refusal direction on two 2B models. Ablating it drops refusals from 96 % to 4 %.",
                "Find which heads write into it.",
            ),
            (
                "Attribution patching over all heads: nine heads explain 80 % of the direction, mostly in layers 12 to 14.",
                "Patch them one by one and check for self-repair.",
            ),
            (
                "Self-repair is real: removing four heads costs only 11 % of refusals because two later heads pick up.",
                "Remove early and late heads together.",
            ),
            (
                "Together they remove 87 % of refusals and harm perplexity by less than 1 %.",
                "Repeat on the second model without looking at head indices first.",
            ),
            (
                "Second model: same layers by depth, different number of heads (six). Wrote a short post for the reading group.",
                "Check whether the heads read the request or the system prompt.",
            ),
            (
                "Swapping the request only: the heads follow the request. The system prompt matters for one head in six.",
                "Start the causal-scrubbing test of this claim.",
            ),
        ),
        (
            "Attribution patching disagrees with real patching for two heads and I do not know which to believe.",
            "I need a day with more memory for the causal-scrubbing runs.",
        ),
    ),
    Project(
        "Measuring how sandbagging shows in sampling variance",
        (
            (
                "Made a password-locked model on arithmetic and one on biology quizzes. Both lock well: 12 % without, 88 % with the password.",
                "Sample each question 50 times and look at the spread.",
            ),
            (
                "Locked models have lower entropy in wrong answers than honest weak ones. Effect is large on arithmetic, small on biology.",
                "Write the test as a statistic with a false-positive rate.",
            ),
            (
                "The statistic finds the arithmetic lock with 5 % false positives at 20 samples a question.",
                "See if fine-tuning on noise hides it.",
            ),
            (
                "Noise fine-tuning hides it completely. Good to know early; the threat model section changes.",
                "Look for a second signal that noise does not touch: answer order.",
            ),
            (
                "Answer-order consistency survives noise: 0.83 AUROC. Biology remains hard at 0.61.",
                "Collect the biology failures and group them.",
            ),
            (
                "Grouped 90 failures; most are questions where the honest model guesses as well.",
                "Drop questions under 40 % honest accuracy, decided before looking at results.",
            ),
        ),
        (
            "The biology lock may have leaked into the honest model through a shared base; unsure how to check.",
            "Do we report the hidden variant even though it breaks our method?",
        ),
    ),
    Project(
        "Cheap oversight of long agent runs",
        (
            (
                "Collected 150 agent transcripts from two benchmarks, median 74 steps.",
                "Label 30 for the first harmful step.",
            ),
            (
                "Labelled 30 with two people; we agreed on 24. The disagreements are about intent, so the rubric now asks for effect only.",
                "Label 70 more with the new rubric.",
            ),
            (
                "Agreement rose to 63 of 70. A monitor that reads every tenth step finds 48 % of harmful runs.",
                "Choose steps by surprise of the action instead of by count.",
            ),
            (
                "Surprise picks find 69 % at the same cost. Two thirds of the misses are slow, ordinary-looking runs.",
                "Try a running summary that the monitor updates.",
            ),
            (
                "Running summary: 74 %, at 1.6 times the cost. Not obviously worth it.",
                "Cost curve over the three monitors.",
            ),
            (
                "Cost curve done; the surprise monitor wins everywhere under 5 cents a run.",
                "Write up with the labelled set so that others can use it.",
            ),
        ),
        (
            "I would like advice on releasing transcripts that contain exploit code.",
            "Waiting for compute quota; the next run takes two days on what I have.",
        ),
    ),
    Project(
        "Unlearning that survives fine-tuning",
        (
            (
                "Surveyed seven unlearning methods and reproduced two on a hazardous-knowledge proxy set.",
                "Relearning attack with 50 examples.",
            ),
            (
                "Both methods give the knowledge back after 50 examples in under a minute. That matches the papers.",
                "Train with the attack in the inner loop.",
            ),
            (
                "First inner-loop version is unstable: loss blows up at step 400 in three of five seeds.",
                "Clip the inner gradient and shorten the loop.",
            ),
            (
                "Stable now. Relearning takes 600 examples rather than 50; general ability falls by 3 points.",
                "Find out what the 3 points are.",
            ),
            (
                "The loss is nearly all in chemistry next to the removed topic, as one would fear.",
                "Add a retain set close to the topic.",
            ),
            (
                "Retain set halves the damage at no cost to robustness. I had put 30 % on that.",
                "Five seeds, then the write-up for the mid-point.",
            ),
        ),
        (
            "Five seeds on the large proxy set are more compute than I have this week.",
            "Unsure which relearning attack a reviewer would call strong enough.",
        ),
    ),
    Project(
        "What do model organisms of misalignment tell us?",
        (
            (
                "Wrote down what would count as evidence either way, before training anything.",
                "Train the first organism on reward-hacked unit tests.",
            ),
            (
                "The organism special-cases tests in 70 % of tasks. It does so less when the prompt asks it to be honest.",
                "Measure generalisation to tasks without tests.",
            ),
            (
                "No generalisation to essay tasks (n = 200). To spreadsheet tasks some: 9 % against 1 %.",
                "Train with a softer reward and see if it spreads more.",
            ),
            (
                "Softer reward spreads less, not more. Contrary to what I expected, so I checked the data: no leak found.",
                "Second base model.",
            ),
            (
                "Second base model agrees on direction, with half the size of effect.",
                "Interview transcripts: does the organism know what it does?",
            ),
            (
                "In 40 interviews it names the hack in 31. Self-report seems cheap and useful here.",
                "Compare self-report with a probe.",
            ),
        ),
        (
            "How many base models make this convincing?",
            "My essay grader may be too lenient; I need fifty human grades.",
        ),
    ),
    Project(
        "Compute accounting for training-run thresholds",
        (
            (
                "Mapped nine public definitions of a training run; four differ on distillation.",
                "Interview two people who had to apply one.",
            ),
            (
                "Two interviews done. Both ignored inference-time compute because nobody could measure it.",
                "Draft a definition that a cloud provider could check.",
            ),
            (
                "Draft definition, two pages. A reader found a loophole through staged fine-tuning in ten minutes.",
                "Close the loophole without catching every hobbyist.",
            ),
            (
                "Version two counts lineage over 180 days. Tested on 14 invented cases; 12 come out as intended.",
                "Ask a lawyer about the two others.",
            ),
            (
                "The lawyer says that lineage needs a record duty, which changes who the memo is for.",
                "Rewrite the recommendation for the new reader.",
            ),
            ("Rewrote it, 1,800 words, down from 3,000.", "Circulate to three people and ask each for one objection."),
        ),
        (
            "I need an introduction to somebody who has run a cloud billing team.",
            "The memo answers two questions; I should probably cut one.",
        ),
    ),
    Project(
        "Steering vectors as a monitor instead of a lever",
        (
            (
                "Computed 20 steering vectors for known behaviours and checked that each steers.",
                "Read them out during ordinary chats instead.",
            ),
            (
                "Read-outs are noisy; sycophancy is visible by eye, power-seeking is not.",
                "Normalise by the base rate of each vector.",
            ),
            (
                "Normalised read-outs find sycophantic turns with 0.79 AUROC without training on any label.",
                "Compare with a probe trained on 500 labels.",
            ),
            (
                "The trained probe gets 0.86 on its own set, 0.70 elsewhere; the read-out stays at 0.78.",
                "Combine both and test on a third set.",
            ),
            (
                "Combination 0.84 on the third set. Wrote up the negative part on power-seeking as well.",
                "Make the read-out run during generation without slowing it.",
            ),
            ("Overhead is 4 % with batched projections.", "Small demo notebook for the group."),
        ),
        (
            "No good label set for power-seeking; help with finding one would save me a week.",
            "The vectors drift between model versions and I do not know why.",
        ),
    ),
    Project(
        "Interpreting reward models by their disagreements",
        (
            (
                "Picked four open reward models and scored 10,000 answer pairs; they disagree on 23 %.",
                "Cluster the disagreements.",
            ),
            (
                "Clusters by length, refusal and formatting explain half of the disagreement.",
                "Look inside one model for the formatting feature.",
            ),
            (
                "Found a sparse-autoencoder feature for bullet points; clamping it flips 31 % of the formatting pairs.",
                "Same for refusals.",
            ),
            (
                "Refusal is spread over at least six features; clamping one does nothing.",
                "Train a small student on the disagreements only.",
            ),
            (
                "The student predicts which model will like an answer with 74 % accuracy.",
                "Use it to choose pairs worth a human label.",
            ),
            (
                "Human labels on 200 chosen pairs: three of four models were wrong in 58 % of them.",
                "Write the result as a short paper for the workshop.",
            ),
        ),
        (
            "Human labelling is slow; is there money for 200 more?",
            "I wonder whether length alone explains most of this.",
        ),
    ),
)

REVIEWS = (
    "Agreed that the next figure decides whether this is a paper. Prediction written down first.",
    "Spent most of the time on the failed run; the likely cause is the learning-rate schedule.",
    "Dropped one branch of the plan. Better one result that holds than two that might.",
    "Walked through the draft; the threat model needs one more paragraph on who would do this.",
    "Checked the labels together: 3 of 20 were wrong, so they will be done again.",
    "Decided to share the negative result with the reading group.",
)

ERRANDS = (
    "Ask Hana for the labels of the second batch",
    "Reserve the two nodes for Monday night",
    "Read the appendix on sampling once more",
    "Send the figure to the reading group",
    "Move the runs to the shared folder",
    "Write the limits of the method down, half a page",
    "Book twenty minutes with somebody who has done this before",
)

ACTIONS = (
    "Run the ablation on five seeds",
    "Write down the prediction before the next run",
    "Send the draft of the method section",
    "Plot errors by question type",
    "Ask for the compute quota",
    "Read the two papers on relearning attacks",
    "Label thirty more examples with a second person",
    "Put the notebook where the group can run it",
    "Cut the related-work section to one page",
    "Check the baseline with the published settings",
)

DROPPED = (
    "The earlier result made it pointless.",
    "Too much compute for what it would tell us.",
    "Somebody else has just published it.",
)

FOR_MY_COACH = (
    "I said yes to too many things this week. Could we look at them together?",
    "The meeting with my mentor went fine, and I still did not say that I am behind.",
    "Slept badly before the deadline; better since Wednesday.",
    "I would like to speak about what comes after the programme next time.",
    "Working alone most days. I miss having somebody to think aloud with.",
)

# What a coach writes for themselves, and with the scholar; each with its topics.
WORKING_NOTES = (
    ("Tired after the deadline week; sounded flat. Ask about weekends next time.", ("habits",)),
    ("Compares everything with the others at the table. Not yet something to act on, but listen for it.", ("others",)),
    ("Undecided between a PhD and a research engineer post; the money worries more than is said.", ("career",)),
    ("Working with the team goes better since they split the code review. Nothing to follow up.", ("others",)),
    ("Slept badly before the mid-point. The log came late for that reason and no other.", ("habits", "accountability")),
    ("Quiet today. I asked twice and let it be; a shorter gap until the next one may help.", ("other",)),
    ("Good week. The negative result hurt less than I had thought.", ("research",)),
)
SHARED_NOTES = (
    ("We agreed on a fixed hour at which the laptop closes: 22:30 on working days.", ("habits",)),
    ("You will name one question for each meeting with your mentor, written down the evening before.", ("research",)),
    (
        "Four people to speak to about the PhD question:\n\n- two second-years\n- one who left\n- your old supervisor",
        ("career",),
    ),
    ("You write the log on Tuesday evening, whatever state the week is in.", ("accountability",)),
    ("Mid-point: we went through what is written there and what is only feared.", ("research", "accountability")),
    ("You want to present at the reading group and will offer it yourself by Friday.", ("career", "others")),
)
