"""Rules about the disease outside the liver's geometry: primary, extrahepatic sites, chemotherapy, wishes, policies."""

from __future__ import annotations

from collections.abc import Iterator

from pathways.case.models import Case
from pathways.facts import nodules
from pathways.facts.bad_ends import STATUS, SUSPECTED_ELSEWHERE
from pathways.facts.blocks import HALVES
from pathways.facts.history import all_answered, immunotherapies, line_begins, lines_failed
from pathways.facts.patient_assessment import PatientAssessment, drugs
from pathways.facts.verdict import Missing, Verdict, allowed, refused, unknown, without
from pathways.messages.catalogue import called, say
from pathways.process.rules import RULES

# Keys of the primary that may be missing.
IRRADIATED = ("irradiated", "rested")
R0, PRESENTATION = "primary.r0_resectable", "primary.presentation"
DISPUTED_ORDER = RULES["simultaneous_safe"].sources


def primary_resectable(assessed: PatientAssessment, now: str | None = None) -> Verdict:
    """The primary is gone, or can be removed with a clear margin; `now` is how a plan has left it, if one is asked."""
    case = assessed.case
    rule, sources = "primary_resectable", RULES["primary_resectable"].sources
    if case.primary_in_place and now == "resected":
        return allowed(rule, say("primary_resectable.gone"), value=now)
    if case.primary_in_place and case.primary.r0_resectable is False:
        return _without_clear_margin(assessed, now)
    missing = tuple(_not_told_of_primary(case))
    if missing:
        return without(rule, missing, sources=sources)
    if case.primary_in_place:
        return allowed(rule, say("primary_resectable.clear_margin"), sources=sources)
    if case.primary.status == "controlled":
        return allowed(rule, watched_primary(assessed), value=case.primary.status, sources=RULES[rule].cited("watched"))
    return allowed(rule, say("primary_resectable.gone"), value=case.primary.status)


def _without_clear_margin(assessed: PatientAssessment, now: str | None) -> Verdict:
    """A margin that is not clear today may be after radiotherapy, which is given for that: whether it is, imaging has to show."""
    rule, key = "primary_resectable", "radiotherapy_may_clear_margin"
    sources = assessed.protocol.sources(key)
    freed = assessed.protocol.yes(key) and radiotherapy_due(assessed)
    if freed and now in IRRADIATED:
        words = say("primary_resectable.after_radiotherapy", item=R0)
        return unknown(rule, words, say("taken_as.freed_by_radiotherapy"), sources=sources)
    if freed:
        return refused(rule, say("primary_resectable.before_radiotherapy"), sources=sources)
    return refused(rule, say("primary_resectable.no_clear_margin"), sources=RULES[rule].sources)


def watched_primary(assessed: PatientAssessment) -> str:
    """What a primary that is controlled without an operation needs: no resection, but to be looked at."""
    figures = assessed.parameters
    return say(
        "primary_resectable.controlled",
        regrowth=figures["regrowth_of_a_watched_primary"].number,
        early=figures["regrowth_of_a_watched_primary_early"].number,
    )


def _not_told_of_primary(case: Case) -> Iterator[Missing]:
    """What is missing of the primary: whether it is there, and whether it can be removed with a clear margin."""
    if not case.primary_told:
        assumed = say("taken_as.primary_in_place" if case.primary_in_place else "taken_as.primary_gone")
        # Found with the metastases, it is taken to be there: who does not tell that either leaves two keys open.
        items = [STATUS] if case.primary.presentation else [STATUS, PRESENTATION]
        yield Missing(", ".join(items), say("primary_resectable.status_not_reported"), assumed)
    if case.primary_in_place and case.primary.r0_resectable is None:
        yield Missing(R0, say("primary_resectable.not_reported"), say("taken_as.resectable"))


def extrahepatic_resectable(assessed: PatientAssessment) -> Verdict:
    """No extrahepatic disease, or all of it removable at a site the protocol operates on."""
    sites = assessed.elsewhere
    protocol, rule = assessed.protocol, "extrahepatic_resectable"
    sources = protocol.sources("extrahepatic_sites_resectable")
    if sites is None:
        reason = say("extrahepatic_resectable.staging_not_reported", item="extrahepatic")
        return unknown(rule, reason, say("taken_as.no_extrahepatic_disease"), sources=sources)
    operable = protocol.words("extrahepatic_sites_resectable")
    for site in sites:
        name = called("site", site.site)
        if site.site not in operable:
            return refused(rule, say("extrahepatic_resectable.not_operated_on", site=name), value=site.site,
                           limit=", ".join(operable), sources=sources)  # fmt: skip
        if site.resectable is False:
            return refused(
                rule, say("extrahepatic_resectable.not_removable", site=name), value=site.site, sources=sources
            )
    most = protocol.whole("extrahepatic_sites_max")
    kinds = {site.site for site in sites}
    if len(kinds) > most:
        words = say("extrahepatic_resectable.too_many_sites", sites=len(kinds), limit=most)
        return refused(rule, words, value=float(len(kinds)), limit=float(most), unit="sites",
                       sources=protocol.sources("extrahepatic_sites_max"))  # fmt: skip
    open_sites = [called("site", site.site) for site in sites if site.resectable is None]
    if assessed.doubtful_elsewhere:
        missing = [doubt_elsewhere(assessed)]
        if open_sites:
            words = say("extrahepatic_resectable.resectable_not_reported", sites=", ".join(open_sites))
            missing.append(Missing("extrahepatic.resectable", words, say("taken_as.removable_elsewhere")))
        largest = max((one.size_mm or 0 for one in assessed.doubtful_elsewhere), default=0)
        return without(rule, missing, value=largest or None, limit=protocol.number("suspected_elsewhere_mm"), unit="mm",
                       sources=(*sources, *protocol.sources("suspected_elsewhere_mm")))  # fmt: skip
    if open_sites:
        reason = say(
            "extrahepatic_resectable.not_reported", sites=", ".join(open_sites), item="extrahepatic.resectable"
        )
        return unknown(rule, reason, say("taken_as.removable_elsewhere"), sources=sources)
    if not sites:
        return allowed(rule, say("extrahepatic_resectable.none"), sources=sources)
    return allowed(rule, say("extrahepatic_resectable.removable"), sources=sources)


def sites_in_one_session(assessed: PatientAssessment, key: str) -> Verdict:
    """Whether the protocol takes disease of every site of this patient in the session of the liver; the setting `key` names the sites."""
    offered, sources = assessed.protocol.words(key), assessed.protocol.sources(key)
    apart = [one.site for one in assessed.elsewhere or () if one.site not in offered]
    if apart:
        words = say("extrahepatic_resectable.apart", protocol=assessed.protocol.id, site=called("site", apart[0]))
        return refused("extrahepatic_resectable", words, value=apart[0], limit=", ".join(offered), sources=sources)
    return allowed("extrahepatic_resectable", say("extrahepatic_resectable.together"), sources=sources)


def elsewhere_found_out(assessed: PatientAssessment, extrahepatic: str) -> Verdict:
    """Whether nothing of the abdomen that counts as disease is only suspected when a liver is embolised or split for an operation that it would bar."""
    rule, sources = "extrahepatic_resectable", assessed.protocol.sources("suspected_elsewhere_mm")
    suspected = [one for one in assessed.elsewhere or () if one.nature == "suspected" and one.site != "lung"]
    if extrahepatic != "present" or not suspected:
        return allowed(rule, say("extrahepatic_resectable.found_out"), sources=sources)
    words = say("extrahepatic_resectable.find_out_first", site=called("site", suspected[0].site))
    return refused(rule, words, value=suspected[0].size_mm, unit="mm", sources=sources)


def doubt_elsewhere(assessed: PatientAssessment) -> Missing:
    """What is only suspected elsewhere: taken as benign until it has been found out."""
    sites = assessed.doubtful_elsewhere
    names = ", ".join(dict.fromkeys(called("site", one.site) for one in sites))
    words = say("extrahepatic_resectable.suspected", sites=names)
    if any(one.site == "lung" for one in sites):
        share = assessed.parameters["malignant_indeterminate_lung_nodule"].number
        words = say("extrahepatic_resectable.suspected_lung", words=words, share=share)
    item = SUSPECTED_ELSEWHERE
    if any(one.size_mm is None for one in sites):
        item, words = (
            ", ".join((item, "extrahepatic.size_mm")),
            say("extrahepatic_resectable.size_not_reported", words=words),
        )
    return Missing(
        item, words, say("taken_as.benign_elsewhere", limit=assessed.protocol.number("suspected_elsewhere_mm"))
    )


def primary_not_urgent(assessed: PatientAssessment) -> Verdict:
    """Obstruction, perforation and bleeding are dealt with first."""
    urgent = assessed.case.primary.urgent
    rule, sources = "primary_not_urgent", RULES["primary_not_urgent"].sources
    if urgent not in (None, "none"):
        reason = say("primary_not_urgent.emergency", emergency=called("urgency", urgent))
        return refused(rule, reason, value=urgent, sources=sources)
    if urgent is None and assessed.case.primary_in_place:
        reason = say("primary_not_urgent.not_reported", item="primary.urgent")
        return unknown(rule, reason, say("taken_as.not_urgent"), sources=sources)
    return allowed(rule, say("primary_not_urgent.no_emergency"), value=urgent, sources=sources)


def disease_controlled(assessed: PatientAssessment) -> Verdict:
    """After progression no operation on the liver until the disease is controlled again, unless the protocol waives it."""
    sources = assessed.protocol.sources("operate_on_progression")
    response = assessed.past.last_response
    if progressing(assessed):
        words = say("disease_controlled.progression")
        return refused("disease_controlled", words, value=response, sources=sources)
    return allowed("disease_controlled", say("disease_controlled.no_progression"), value=response, sources=sources)


def simultaneous_safe(assessed: PatientAssessment, extent: str) -> Verdict:
    """Whether the protocol takes liver and primary in one session, by extent of the liver part and site of the bowel.

    Electively: the process treats an emergency of the primary on its own first.
    """
    primary, protocol, rule = assessed.case.primary, assessed.protocol, "simultaneous_safe"
    if extent == "minor":
        return allowed(rule, say("simultaneous_safe.minor"), sources=DISPUTED_ORDER)
    if primary.tumour != "colorectal":
        reason = say("simultaneous_safe.no_rule", tumour=called("tumour", primary.tumour))
        return unknown(rule, reason, say("taken_as.team_decides"), sources=DISPUTED_ORDER)
    if primary.site is None and not protocol.yes("simultaneous_major_with_rectum"):
        reason = say("simultaneous_safe.site_not_reported", item="primary.site")
        return unknown(rule, reason, say("taken_as.colon"),
                       sources=protocol.sources("simultaneous_major_with_rectum"))  # fmt: skip
    where = "rectum" if primary.site in ("rectum", "rectosigmoid") else "colon"
    key = f"simultaneous_major_with_{where}"
    bowel = called("bowel", where)
    if protocol.yes(key):
        return allowed(rule, say("simultaneous_safe.major", bowel=bowel), sources=protocol.sources(key))
    words = say("simultaneous_safe.no_major", bowel=bowel)
    return refused(rule, words, value=primary.site, sources=protocol.sources(key))


def chemotherapy_remaining(assessed: PatientAssessment, blocks: int, course: str = "") -> Verdict:
    """Whether one more block after `blocks`, or the half of `course`, stays within the hard limit of cycles before hepatectomy."""
    protocol, rule = assessed.protocol, "chemotherapy_remaining"
    cycles, limit = assessed.cycles_after(blocks) + assessed.cycles_of_course(course), protocol.whole("hard_cycles")
    sources = protocol.sources("hard_cycles", HALVES.get(course, "cycles_per_block"))
    if assessed.targeted:
        return allowed(rule, say("chemotherapy_remaining.targeted"), sources=sources)
    details = {"value": float(cycles), "limit": float(limit), "unit": "cycles", "sources": sources}
    if cycles > limit:
        words = (
            say("chemotherapy_remaining.half_too_many", cycles=cycles, limit=limit)
            if course
            else say("chemotherapy_remaining.too_many", cycles=cycles, limit=limit)
        )
        return refused(rule, "; ".join([_with_courses(assessed, words), *_of_unknown_end(assessed)]), **details)
    if assessed.past.cycles_unknown:
        reason = say("chemotherapy_remaining.not_reported", item="history.cycles")
        return unknown(rule, _with_courses(assessed, reason), say("taken_as.earlier_cycles_not_counted"), **details)
    words = (
        say("chemotherapy_remaining.half_within", cycles=cycles, limit=limit)
        if course
        else say("chemotherapy_remaining.within", cycles=cycles, limit=limit)
    )
    return allowed(rule, _with_courses(assessed, words), **details)


def new_line_remaining(assessed: PatientAssessment, blocks: int) -> Verdict:
    """Whether a line begun after a progression, or into the artery, has cycles left: its own, where the protocol counts no others."""
    protocol, key = assessed.protocol, "cycles_of_earlier_lines_count"
    if protocol.yes(key):
        return chemotherapy_remaining(assessed, blocks)
    return allowed("chemotherapy_remaining", say("chemotherapy_remaining.new_line"), sources=protocol.sources(key))


def lines_remaining(assessed: PatientAssessment, blocks: int) -> Verdict:
    """Whether another line of chemotherapy is still one that a plan to operate is built on; `blocks` have been given in this plan."""
    protocol, key, history = assessed.protocol, "lines_before_surgery_max", assessed.case.history
    sources, begins = protocol.sources(key), line_begins(history)
    # What ended long ago may be given again.
    courses = [one for one in assessed.past.of_the_metastases if not one.past]
    under_way = blocks > 0 or any(one.event >= begins for one in courses)
    given, rule = lines_failed(history, courses) + under_way, "chemotherapy_remaining"
    if assessed.systemic != "cytotoxic":
        return allowed(rule, say("chemotherapy_remaining.new_line"), sources=sources)
    details = {"limit": protocol.number(key), "unit": "lines", "sources": sources}
    if given >= protocol.whole(key):
        return refused(rule, say("chemotherapy_remaining.lines", lines=given), value=float(given), **details)
    # What came of a line before the last may not be told: then it may have failed.
    most = lines_failed(all_answered(history, courses[:-1]), courses) + under_way
    if most >= protocol.whole(key):
        words = say("chemotherapy_remaining.response_not_reported", item="history.response")
        return unknown(rule, words, say("taken_as.not_failed"), value=float(given), **details)
    return allowed(rule, say("chemotherapy_remaining.new_line"), sources=sources)


def drugs_remaining(assessed: PatientAssessment) -> Verdict:
    """What is left today: after a progression the next line, else the next block."""
    if assessed.past.last_response == "progression":
        lines = lines_remaining(assessed, 0)
        return lines if lines.verdict == "refused" else new_line_remaining(assessed, 0)
    return chemotherapy_remaining(assessed, 0)


def _with_courses(assessed: PatientAssessment, words: str) -> str:
    """`words` with the courses of the history that are not counted, and those whose cycle is not known."""
    past, protocol = assessed.past, assessed.protocol
    limit, weeks = protocol.number("past_course_weeks"), protocol.number("cycle_weeks")
    left_out = [
        say("chemotherapy_remaining.past", regimen=drugs(one.regimen), since=-(one.ended_week or 0), limit=limit)
        for one in past.over
    ]
    left_out += [say("chemotherapy_remaining.earlier", regimen=drugs(one.regimen)) for one in past.earlier]
    left_out += [say("chemotherapy_remaining.failed", regimen=drugs(one.regimen)) for one in past.failed]
    reckoned = [
        say("taken_as.cycle_not_known", regimen=drugs(one.regimen), weeks=weeks)
        for one in past.towards_limit
        if one.reckoned == "cycles"
    ]
    return "; ".join(dict.fromkeys([words, *left_out, *reckoned]))


def _of_unknown_end(assessed: PatientAssessment) -> dict[str, None]:
    """Courses that count because it is not known when they ended."""
    return dict.fromkeys(
        say("taken_as.counted_course", regimen=drugs(one.regimen), item="history.until_week")
        for one in assessed.past.of_unknown_end
    )


def _long_enough_on_target(assessed: PatientAssessment, name: str) -> Verdict:
    """Whether the targeted drug of the history has been given as long as most of its shrinkage takes."""
    rule, key, past = "targeted_first", "targeted_weeks", assessed.past
    needed = assessed.protocol.number(key)
    details = {
        "value": past.other_weeks,
        "limit": needed,
        "unit": "weeks",
        "sources": assessed.protocol.sources(key),
    }
    if past.other_weeks is not None and past.other_weeks >= needed:
        return allowed(rule, say("targeted_first.given", tumour=name), **details)
    if past.other_weeks is None:
        words = say("targeted_first.weeks_not_reported", tumour=name, item="history.week, history.until_week")
        return unknown(rule, words, say("taken_as.long_enough"), **details)
    words = say("targeted_first.too_short", tumour=name, weeks=past.other_weeks, needed=needed)
    return refused(rule, words, **details)


def targeted_first(assessed: PatientAssessment, line: str) -> Verdict:
    """A tumour with a targeted drug is given it before an operation on the liver, and operated on while it responds."""
    rule, sources = "targeted_first", assessed.protocol.sources("targeted_first_tumours")
    tumour = assessed.case.primary.tumour
    name = called("tumour", tumour)
    if not assessed.targeted:
        return allowed(rule, say("targeted_first.no_drug"), value=tumour, sources=sources)
    if line != "none":
        return allowed(rule, say("targeted_first.given", tumour=name), value=tumour, sources=sources)
    if assessed.past.systemic_before:
        return _long_enough_on_target(assessed, name)
    return refused(rule, say("targeted_first.comes_first", tumour=name), value=tumour, sources=sources)


def radiotherapy_due(assessed: PatientAssessment) -> bool:
    """Whether the rectum is to be irradiated before it is resected, and has not been yet."""
    done = any(event.event == "radiotherapy" for event in assessed.case.history)
    return assessed.case.primary.needs_radiotherapy is True and assessed.case.primary_in_place and not done


def rays_in_turn(assessed: PatientAssessment, line: str) -> Verdict:
    """Whether immunotherapy has come before radiotherapy of the rectum, where mismatch repair is deficient and the protocol asks for it."""
    key = "immunotherapy_before_radiotherapy"
    sources = assessed.protocol.sources(key)
    if assessed.systemic != "immunotherapy" or not assessed.protocol.yes(key):
        return allowed("radiotherapy", say("radiotherapy.in_turn"), sources=sources)
    make = allowed if immunotherapies(assessed.case) or line != "none" else refused
    words = say("radiotherapy.after_immunotherapy") if make is allowed else say("radiotherapy.immunotherapy_first")
    return make("radiotherapy", words, sources=sources)


def patient_accepts(assessed: PatientAssessment, family: str) -> Verdict:
    """Nothing the patient declines is planned."""
    name = called("family", family)
    if family in assessed.case.patient.declines:
        return refused("patient_accepts", say("patient_accepts.declined", family=name), value=family)
    return allowed("patient_accepts", say("patient_accepts.not_declined", family=name))


def policy(assessed: PatientAssessment, key: str, offer: str, choice: str = "") -> Verdict:
    """What a protocol offers at all, in the words of `offer`; `choice` is looked for in a list of policies."""
    setting = assessed.protocol.settings[key]
    offered = choice in assessed.protocol.words(key) if choice else assessed.protocol.yes(key)
    make = allowed if offered else refused
    reason = say(
        "policy.offered" if offered else "policy.not_offered",
        protocol=assessed.protocol.id,
        treatment=called("offer", offer),
    )
    return make("policy", reason, value=choice or str(setting.value).lower(), sources=setting.sources)


def watching(assessed: PatientAssessment) -> Verdict:
    """Whether the protocol watches sites of vanished lesions: only where it restages by MRI, for on CT alone most still hold disease."""
    if not assessed.protocol.yes("restage_with_mri"):
        residual = assessed.parameters["residual_at_vanished_site_ct"]
        sources = (*assessed.protocol.sources("restage_with_mri"), *residual.sources)
        return refused("policy", say("policy.watched_by_ct", residual=residual.number), value="ct", sources=sources)
    return policy(assessed, "vanished_policies", "watch_sites", "watch")


def lesions_characterised(assessed: PatientAssessment) -> Verdict:
    """Every lesion is known to be a metastasis (or has vanished)."""
    suspected = [label for entry, label in assessed.entries if entry.known_as == "suspected"]
    sources = RULES["lesions_characterised"].sources
    if suspected:
        some = len(suspected) < len(assessed.entries)
        lesions = ", ".join(suspected)
        words = (
            say("lesions_characterised.some_suspected", lesions=lesions)
            if some
            else say("lesions_characterised.all_suspected", lesions=lesions)
        )
        reason = "; ".join([words, *nodules.remarks(assessed)])
        return refused("lesions_characterised", reason, value=nodules.level_of(assessed), sources=sources)
    if not assessed.entries:
        words = "; ".join([say("lesions_characterised.benign"), *nodules.benign_remarks(assessed)])
        return allowed("lesions_characterised", words, value="benign", sources=sources)
    words = "; ".join([say("lesions_characterised.all_proven"), *nodules.benign_remarks(assessed)])
    return allowed("lesions_characterised", words, value=nodules.beside_benign(assessed), sources=sources)


def diagnosis_by_resection(assessed: PatientAssessment, extent: str, characterised: str) -> Verdict:
    """An operation makes the diagnosis where examining the lesion has not, or where the protocol lets it come first."""
    rule, key = "lesions_characterised", "diagnosis_by_resection_first"
    sources = assessed.protocol.sources(key)
    if characterised == "inconclusive":
        return allowed(rule, say("lesions_characterised.inconclusive"), value=characterised, sources=sources)
    if extent in assessed.protocol.words(key):
        words = say(
            "lesions_characterised.operation_first", protocol=assessed.protocol.id, extent=called("extent", extent)
        )
        return allowed(rule, words, value=extent, sources=sources)
    return refused(rule, say("lesions_characterised.first"), value=characterised, sources=sources)


def progressing(assessed: PatientAssessment) -> bool:
    """Whether the last recorded response was progression and the protocol does not waive it."""
    waived = assessed.protocol.yes("operate_on_progression")
    return assessed.past.last_response == "progression" and not waived
