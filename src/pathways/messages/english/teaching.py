"""What is said about lessons: what an audit finds, what a lesson cannot be made of, how answers are explained."""

from collections.abc import Mapping

TEACHING: Mapping[str, str] = {
    # --- the audit ---
    "audit.summary": "{scenarios} scenarios, {questions} questions, {distinct} of them distinct",
    "audit.guessing": "guessed right without the case: {headings:.0%} from headings, {sibling} after one sibling; chance is {chance:.0%}",
    "audit.cues": "the longest answer is right in {longest:.0%}; with a detail {detailed:.0%}, without {plain:.0%}; the likeliest place beats chance by {position:.0%}",
    "audit.decisions": "decisions on the best way: {median:g} in the median, four or more in {many} of {scenarios}; imaging first is asked in {first}",
    "audit.reading": "words before an answer: {words:g} in the median",
    "audit.feedback": "feedback that names a cause beyond figures: {share:.0%} of {answers} answers",
    "audit.nothing_beyond": "within all limits",
    "audit.beyond": "beyond a limit: {words}",
    "audit.twin": "{scenario}: two answers that read alike, one right and one wrong: {words}",
    "audit.leak": "{scenario}: gives an answer away: {words}",
    "audit.no_cause": "{share:.0%} of feedback names a cause; at least {limit:.0%}",
    "audit.headings": "{share:.0%} can be guessed from headings learnt elsewhere; at most {limit:.0%}",
    "audit.sibling": "{share:.0%} can be guessed after one lesson of the same objective; at most {limit:.0%}",
    "audit.cue": "{name} tells by {over:.0%} more than chance; at most {limit:.0%}",
    "audit.cue_length": "the length of an answer",
    "audit.cue_detail": "a detail after a colon",
    "audit.cue_position": "the place of an answer",
    "audit.alike": "{distinct} of {questions} questions are distinct; at least {limit:.0%}",
    "audit.few_decisions": "{many} of {scenarios} scenarios ask for {least} decisions or more; at least half",
    "audit.first_steps": "{number} lessons ask whether the liver is imaged first; at most {limit}",
    "audit.no_sibling": "not measured (no objective twice)",
}
