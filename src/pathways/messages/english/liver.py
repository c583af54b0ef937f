"""What is said of the liver: names of operations, options of a lesion, and how a volume is known."""

from collections.abc import Mapping

LIVER: Mapping[str, str] = {
    # --- a lesion without an id, and what can be done with it; `vessel` is a word of the vocabulary ---
    "lesion.label": "lesion {number}",
    "limited_resection.vessel": "touches the {vessel}: its territory would lose inflow",
    "limited_resection.site_not_resected": "vanished: the protocol does not resect its site alone",
    "limited_resection.site": "vanished: its site can be taken out by a limited resection",
    "limited_resection.too_large": "too large for a limited resection",
    "limited_resection.small_enough": "small enough for a limited resection",
    "local_ablation.vessel": "touches the {vessel}: heat would harm the bile ducts",
    "local_ablation.site_not_ablated": "vanished: the protocol does not ablate its site",
    "local_ablation.site": "vanished: its site can be ablated",
    "local_ablation.too_large": "too large to ablate",
    "local_ablation.small_enough": "small enough to ablate",
    "lesion.size_not_known": "size not known",
    "lesion.number_not_known": "number of lesions not known",
    # --- names of operations: Brisbane 2000; segments are Roman numbers ---
    "hepatectomy.segmentectomy": "segmentectomy {segment}",
    "hepatectomy.bisegmentectomy": "bisegmentectomy {first} {second}",
    "hepatectomy.caudate": "caudate resection",
    "hepatectomy.left_lateral": "left lateral sectionectomy",
    "hepatectomy.left_medial": "left medial sectionectomy",
    "hepatectomy.right_anterior": "right anterior sectionectomy",
    "hepatectomy.right_posterior": "right posterior sectionectomy",
    "hepatectomy.central": "central hepatectomy",
    "hepatectomy.right": "right hepatectomy",
    "hepatectomy.left": "left hepatectomy",
    "hepatectomy.right_trisectionectomy": "right trisectionectomy",
    "hepatectomy.left_trisectionectomy": "left trisectionectomy",
    "hepatectomy.of_segments": "resection of segments {segments}",
    "segments.none": "none",
    # Parts of an operation beside its core; `lesions` are their labels.
    "local.limited_resection": "limited resection of {lesions}",
    "local.ablation": "ablation of {lesions}",
    # --- how a volume is known, in brackets behind it ---
    "volume.measured": "measured",
    "volume.estimated": "estimated",
    "volume.measured_ml": "measured ml",
    "volume.of_both": "{remnant}; {total}",
    "volume.measured_without_tumour": "measured, tumour taken off",
    "volume.measured_segment": "measured segment",
    "volume.sum_of_segments": "sum of measured segments",
    "volume.volumetry": "volumetry, week {week}",
    "volume.whole_liver": "all of today's liver",
    "volume.fitted": "population shares fitted to the volumetry in the case",
    "volume.population_shares": "population shares of the segments",
    "volume.height_and_weight": "Vauthey formula by height and weight",
    "volume.weight_alone": "Vauthey formula by weight alone",
    "volume.population_mean": "population mean",
    "volume.regrown": "{how}, regrown after the resection",
}
