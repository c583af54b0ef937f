"""What drives the risk of an operation, as its plan names it."""

from collections.abc import Mapping

RISK: Mapping[str, str] = {
    "factor.age": "age",
    "factor.asa": "ASA",
    "factor.inr": "INR",
    "factor.ggt": "gamma-glutamyl transferase",
    "factor.creatinine": "creatinine",
    "factor.platelets": "platelets",
    "factor.background": "the liver that is not tumour",
    "factor.cirrhosis": "cirrhosis",
    "factor.child_b": "Child-Pugh B or worse",
    "factor.remnant": "a remnant near its limit",
    "factor.extended": "an extended resection",
    "factor.vena_cava": "the wall of the vena cava resected with it",
    "factor.bile_duct": "the bile duct resected with it and joined to the bowel",
    "factor.bowel": "the bowel in the same session",
    "factor.elsewhere": "disease elsewhere in the same session",
    "factor.split": "both stages of ALPPS",
    "factor.outside": "over 30 %: outside the data of every series",
    # `name` is one of those above.
    "driver.told": "{name} {value:g}",
    "driver.untold": "{name} not told: the average of a series",
    # `items` are keys of the case file.
    "risk.deaths": "deaths {value:.1%} ({low:.1%} to {high:.1%})",
    "risk.deaths_outside": "deaths over 30 %, outside the data",
}
