"""States packed into words keep every live fact, and the compiled effects of a step are those of the machine."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pathways.cohort.codes.process import change
from pathways.cohort.codes.state import LIVE, LIVE_CODE, Seen, code_of, only, packed, with_code
from pathways.process.declaration import PROCESS

values = st.fixed_dictionaries({name: st.sampled_from(domain) for name, domain in LIVE.items()})


@given(values)
def test_a_state_gives_back_the_facts_it_was_packed_from(live):
    word = packed(live)
    assert {name: LIVE[name][code_of(word, name)] for name in LIVE} == live
    seen = Seen(np.array([word], dtype=np.uint64))
    assert {name: LIVE[name][seen[name][0]] for name in LIVE} == live


@given(values, st.sampled_from(sorted(LIVE)), st.data())
def test_one_fact_is_replaced_and_no_other(live, fact, data):
    value = data.draw(st.sampled_from(LIVE[fact]))
    assert with_code(packed(live), fact, LIVE_CODE[fact][value]) == packed(live | {fact: value})


@given(values, st.sampled_from(PROCESS.triggers))
def test_a_step_changes_the_word_as_its_declaration_says(live, trigger):
    after = dict(live)
    for effect in trigger.effects:
        if effect.step and live[effect.fact] + effect.step not in LIVE[effect.fact]:
            return
        old = after[effect.fact]
        after[effect.fact] = (
            old + effect.step if effect.step else effect.mapping.get(old, old) if effect.mapping else effect.value
        )
    assert change(trigger.name).after(packed(live)) == packed(after)


def test_a_mask_keeps_the_facts_it_names():
    word = packed({"blocks": 3, "extent": "responded", "primary": "rested"}) & only(("blocks", "extent"))
    assert code_of(word, "blocks") == LIVE_CODE["blocks"][3]
    assert code_of(word, "extent") == LIVE_CODE["extent"]["responded"]
    assert code_of(word, "primary") == 0
