"""Lessons written by hand: a small one, one with branches, a hostile one; and any lesson, drawn."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from pathways.drawing.growth import GrowthCurve
from pathways.drawing.liver import DrawnLesion, LiverState
from pathways.teaching.lessons.model import Choice, Citation, Lesson, Passage

DISCLAIMER = "For teaching and discussion. Not a medical device; an invented patient; chances are population figures."
MAP = (
    "┌──────────────┬──────────────┬──────────────┬──────────────┐",
    "│ VII          │ VIII         │ IV           │ II           │",
    "│              │ A 52 mm      │ C 14 mm      │              │",
    "├──────────────┼──────────────┼──────────────┼──────────────┤",
    "│ VI           │ V            │ IV           │ III          │",
    "│ B 21 mm      │              │ C 14 mm      │              │",
    "└──────────────┴──────────────┴──────────────┴──────────────┘",
    "A: 52 mm, touches the right hepatic vein",
)
FINDINGS = (
    ("Primary", "sigmoid carcinoma, resected"),
    ("Liver metastases", "3, segments IV, VI and VIII"),
    ("Largest", "52 mm, touches the right hepatic vein"),
    ("Remnant after right hepatectomy", "24 % of functional volume (limit 30 %)"),
    ("Liver", "normal, no chemotherapy yet"),
    ("Performance status", "ECOG 1"),
)
CITATIONS = (
    Citation("remnant", "Example Group. Limits of the future liver remnant. J Example Surg 2019;1:1-9.", "https://doi.org/10.1000/example.1"),
    Citation("growth", "Sample A, Sample B. Growth after portal vein embolisation. Example Ann 2021;2:10-19.", "https://doi.org/10.1000/example.2"),
    Citation("plain", "Centre protocol, an example without an address."),
)  # fmt: skip


def small() -> Lesson:
    """One decision, two answers, one end."""
    return Lesson(
        id="small", title="One decision", objective="operate_promptly", learning_objectives=("Operate once it can be done.",),
        misconception="More chemotherapy is always safer.", level="postgraduate", difficulty="easy", protocol="default", seed=7,
        reviewed="", disclaimer=DISCLAIMER,
        passages=(
            Passage("start", "decision", "Resectable after four cycles", 84, ("The liver metastases have shrunk.",),
                    question="What next?", choices=(
                Choice("operate", "Operate after the washout", "end", "best", 1.0, ("The disease is resectable.",), ("28 days later",), ("plain",)),
                Choice("more", "Four more cycles", "end", "poor", 0.0, ("Each cycle harms the liver.",), ("56 days later", "4 cycles")),
            )),
            Passage("end", "debrief", "The liver is cleared", 112, ("The patient recovers.",)),
        ),
        citations=CITATIONS, debrief=("Operate as soon as it can be done.",),
    )  # fmt: skip


def branching() -> Lesson:
    """Ways that part and meet again, refused choices, a choice that is the patient's, several ends."""
    return Lesson(
        id="grow_small_remnant-medium-12", title="A remnant too small for the resection it needs", objective="grow_small_remnant",
        learning_objectives=(
            "Judge a resection by what it leaves behind, beside the limit for this liver.",
            "Choose how to make a small remnant grow, and check the growth before operating.",
        ),
        misconception="A resection that removes every metastasis is possible whenever the tumour can be reached.",
        level="postgraduate", difficulty="medium", protocol="default", seed=12, reviewed="Not reviewed by a clinician",
        disclaimer=DISCLAIMER,
        passages=(
            Passage("referral", "story", "A woman of 62 comes to the meeting", 0, (
                "Four months after resection of a sigmoid carcinoma, imaging shows three liver metastases. She is fit and wants treatment.",
                "To remove all three, the right liver has to go, with a limited resection in segment IV.",
            ), FINDINGS, MAP, "", (Choice("on", "Continue", "meeting"),)),
            Passage("meeting", "decision", "The meeting decides", 3, (
                "Volumetry is on the table: segments I to IV hold 24 % of the functional volume.",
            ), FINDINGS, MAP, "What does the meeting recommend?", (
                Choice("pve", "Portal vein embolisation of the right liver", "grown", "best", 1.0,
                       ("The remnant is 24 %, the limit for a normal liver is 30 %. Embolisation lets segments I to IV grow.",),
                       ("28 days later", "volumetry again before the operation"), ("remnant", "growth")),
                Choice("hepatectomy", "Right hepatectomy now", "meeting", "refused", 0.0,
                       ("The rule on remnant volume refuses it: 24 % would stay, at least 30 % is asked for.",),
                       ("remnant 24 %, 6 points below the limit",), ("remnant",)),
                Choice("alpps", "ALPPS", "grown", "acceptable", 0.7,
                       ("It makes the remnant grow more quickly, at a higher price in complications.",), ("10 days later", "two operations"), ("growth",)),
                Choice("transplant", "List her for transplantation", "meeting", "refused", 0.0,
                       ("The criteria ask for disease that stays unresectable.",), (), ("plain",)),
                Choice("stop", "Chemotherapy without the aim of resection", "palliation", "poor", 0.1,
                       ("There is a way to clear the liver; this gives it up.",), ("the chance of resection",), ("remnant",)),
            )),
            Passage("grown", "decision", "Volumetry after four weeks", 31, (
                "Segments I to IV now hold 36 %. New imaging shows no new lesion.",
            ), (("Remnant", "36 % of functional volume (limit 30 %)"), ("New lesions", "none")), MAP, "And now?", (
                Choice("resect", "Right hepatectomy with a limited resection in segment IV", "cleared", "best", 1.0,
                       ("36 % stay. The liver can be cleared.",), ("1 operation",), ("remnant",)),
                Choice("wait", "Wait four more weeks", "wishes", "poor", 0.2,
                       ("The limit is met; waiting gives the tumour time.",), ("28 days later",), ()),
                Choice("wedge", "Only limited resections", "grown", "refused", 0.0,
                       ("The lesion at the right hepatic vein cannot be cleared this way.",), (), ("plain",)),
            )),
            Passage("wishes", "decision", "What the patient wants", 59, ("She asks whether she may wait until after her daughter's wedding.",), (), (),
                    "Together with her you choose:", (
                Choice("now", "The operation next week", "cleared"),
                Choice("later", "The operation after the wedding", "cleared", None, 0.0, ("It is her decision.",), ("21 days later",)),
                Choice("never", "No operation", "palliation"),
            )),
            Passage("cleared", "debrief", "The liver is cleared", 66, ("The resection removes every metastasis. Follow-up begins.",)),
            Passage("palliation", "debrief", "Treatment without clearing the liver", 10, ("The disease is treated, and stays.",)),
        ),
        citations=CITATIONS,
        debrief=("The question was not whether the metastases can be removed, but what stays behind.",
                 "Under the protocol of another centre with a limit of 20 %, the resection at once would be open."),
    )  # fmt: skip


def drawn() -> Lesson:
    """The branching lesson with its pictures: the liver before and after, the growth of its remnant, and its end recounted."""
    plain = branching()
    lesions = (
        DrawnLesion("A", ("8",), 1, 52.0, "confirmed", deep=False, contacts=("right_hepatic_vein",)),
        DrawnLesion("B", ("6",), 1, 21.0, "confirmed", deep=False, contacts=()),
    )
    before, after = LiverState(lesions), LiverState((), gone=("5", "6", "7", "8"))
    curve = GrowthCurve(((0, 0.24), (28, 0.36)), 0.3)
    recount = "Decision 1: portal vein embolisation. The best of what is open."
    made = {
        "meeting": {"liver": before},
        "grown": {"liver": before, "growth": curve},
        "cleared": {
            "liver": after,
            "growth": curve,
            "text": ("The liver is cleared.", recount),
            "recounted": (recount,),
        },
    }
    return replace(plain, id="drawn", passages=tuple(replace(one, **made.get(one.id, {})) for one in plain.passages))


def with_a_page_that_asks_nothing() -> Lesson:
    """The branching lesson, with a page between its two decisions on which there is nothing to decide."""
    plain = branching()
    meeting = plain.passage("meeting")
    onward = tuple(replace(one, to="news") if one.to == "grown" else one for one in meeting.choices)
    news = Passage("news", "story", "She goes home", 5, ("No fever.",), choices=(Choice("on", "Continue", "grown"),))
    passages = [replace(one, choices=onward) if one.id == "meeting" else one for one in plain.passages]
    return replace(plain, passages=(*passages[:2], news, *passages[2:]))


BAITS = (
    "</script><script>window.bitten = 1; alert(1)</script>",
    "<img src=x onerror=\"window.bitten = 1; alert(1)\"> & &lt;b&gt; &#60;i&#62;",
    "]]></text><answer fraction=\"100\"><text>bitten</text></answer><![CDATA[",
    "} ::bitten:: [html]q { =bitten#x ~y } // $CATEGORY: bitten %50% ####z \\: \\\\ \\{",
    "[[bitten->Elsewhere]] [[Elsewhere]] (alert: 1) (goto: \"x\") <<script>>alert(1)<</script>> $bitten _bitten `x` {(print: 1)} |bitten>[x]",
    "{{c1::bitten}} {{Front}} [sound:bitten.mp3] [latex]\\input{/etc/passwd}[/latex] \\(x\\) \\[x\\] $$x$$ @@PLUGINFILE@@/x",
    "[bitten](javascript:alert(1)) ![x](http://bitten.example/x.png) **bold** | cell | `code` ```",
    "${window.bitten = 1} #{1} <%= 1 %> {% x %} javascript:alert(1) \u202egnp.exe \u0000\u0007\ud800 \u2028x\u2029",
    ":: Bitten [script] {\"position\":\"1,1\"}",
    "# bitten\n:: Bitten [script]\n\n$CATEGORY: x\n\n::n:: q {=a ~b}\n- item\n> quote\n| a | b |",
)  # fmt: skip


def hostile() -> Lesson:
    """The branching lesson, each of its strings carrying markup of every format; ids too."""
    count = iter(range(10**6))

    def bait(text: str) -> str:
        number = next(count)
        return f"{text} {' '.join(BAITS)} n{number}"

    def name(text: str) -> str:
        return f"{text}\"'><script>alert(1)</script>[[x->y]]::{{}}|\\"

    def choice(one: Choice) -> Choice:
        return replace(
            one, id=name(one.id), text=bait(one.text), to=name(one.to), feedback=tuple(map(bait, one.feedback)),
            costs=tuple(map(bait, one.costs)), sources=tuple(map(name, one.sources)),
        )  # fmt: skip

    def passage(one: Passage) -> Passage:
        return replace(
            one, id=name(one.id), title=bait(one.title), text=tuple(map(bait, one.text)),
            findings=tuple((bait(label), bait(value)) for label, value in one.findings),
            liver_map=tuple(map(bait, one.liver_map)), question=bait(one.question), choices=tuple(map(choice, one.choices)),
        )  # fmt: skip

    plain = branching()
    return replace(
        plain, id=name(plain.id), title=bait(plain.title), objective=bait(plain.objective),
        learning_objectives=tuple(map(bait, plain.learning_objectives)), misconception=bait(plain.misconception),
        level=bait(plain.level), difficulty=bait(plain.difficulty), protocol=bait(plain.protocol), reviewed=bait("nobody"),
        disclaimer=bait(plain.disclaimer), debrief=tuple(map(bait, plain.debrief)), passages=tuple(map(passage, plain.passages)),
        citations=tuple(Citation(name(one.id), bait(one.text), f"javascript:alert(1)//{BAITS[1]}") for one in plain.citations),
    )  # fmt: skip


def hostile_drawn() -> Lesson:
    """The hostile lesson with livers whose lesions are called as badly, and with its end recounted."""
    plain, bad = drawn(), hostile()

    def called(one: LiverState | None) -> LiverState | None:
        if one is None:
            return None
        return replace(
            one, lesions=tuple(replace(each, label=f"{each.label} {' '.join(BAITS)}") for each in one.lesions)
        )

    passages = tuple(
        replace(one, liver=called(shown.liver), growth=shown.growth, recounted=one.text[-1:])
        for one, shown in zip(bad.passages, plain.passages, strict=True)
    )
    return replace(bad, passages=passages)


def long(passages: int = 40) -> Lesson:
    """A lesson of as many passages as a course would hold."""
    plain = branching()
    meeting = plain.passage("meeting")
    chain = []
    for number in range(passages - 1):
        onward = f"p{number + 1}" if number < passages - 2 else "cleared"
        chain.append(
            replace(
                meeting,
                id=f"p{number}",
                title=f"Meeting {number}",
                day=number,
                choices=tuple(
                    replace(one, to=f"p{number}" if one.grade == "refused" else onward) for one in meeting.choices
                ),
            )
        )
    return replace(plain, id="long", passages=(*chain, plain.passage("cleared")))


# A letter in each, or nothing would be left of some of them.
ANY = st.text(max_size=20)
TEXT = st.builds("{}{}{}".format, ANY, st.sampled_from("aQ7"), ANY) | st.sampled_from(BAITS)
TEXTS = st.lists(TEXT, max_size=2).map(tuple)


@st.composite
def lessons(draw) -> Lesson:
    """Any lesson: passages in order, every arrow forwards, refused choices back, every passage reached."""
    count = draw(st.integers(2, 6))
    names = [f"p{number}" for number in range(count)]
    citations = tuple(
        Citation(f"c{number}", draw(TEXT), draw(st.sampled_from(("", "https://doi.org/10.1/x")))) for number in range(2)
    )
    passages = []
    for number in range(count):
        choices = []
        last = number == count - 1
        ways = 0 if last else draw(st.integers(1, 3))
        for way in range(ways):
            # The first way leads to the next passage, so that each can be reached.
            to = names[number + 1] if way == 0 else names[draw(st.integers(number + 1, count - 1))]
            grade = draw(st.sampled_from((None, "best", "acceptable", "poor")))
            choices.append(_choice(draw, f"c{way}", to, grade))
        refused = 0 if last else draw(st.integers(0, 3))
        choices += [_choice(draw, f"r{one}", names[number], "refused") for one in range(refused)]
        passages.append(
            Passage(
                names[number],
                "debrief" if last else "decision",
                draw(TEXT),
                draw(st.integers(0, 900)),
                draw(TEXTS),
                draw(st.lists(st.tuples(TEXT, TEXT), max_size=2).map(tuple)),
                draw(TEXTS),
                draw(st.sampled_from(("", "What now?")) | TEXT),
                tuple(choices),
            )
        )
    return Lesson(
        draw(TEXT), draw(TEXT), "objective", draw(TEXTS), draw(TEXT), draw(TEXT), "easy", "default", draw(st.integers(0, 99)),
        draw(st.sampled_from(("", "Reviewed by Dr Example, 2026-01-01"))), draw(TEXT), tuple(passages), citations, draw(TEXTS),
    )  # fmt: skip


def _choice(draw, name, to, grade):
    score = draw(st.sampled_from((0.25, 0.5, 1.0))) if grade in ("best", "acceptable") else 0.0
    return Choice(
        name, draw(TEXT), to, grade, score, draw(TEXTS), draw(TEXTS), draw(st.sampled_from(((), ("c0",), ("c1", "c0"))))
    )
