"""Prints every message with its id, as the file that a translator starts from. Run: python docs/messages_file.py > xx.yaml.

What the file says is used with PATHWAYS_LANGUAGE=xx.yaml; as src/pathways/messages/xx.yaml it ships as a language.
"""

import json

import pathways.conformance.properties
from pathways.messages.catalogue import collected

if __name__ == "__main__":
    assert pathways.conformance.properties.PROPERTIES
    for identity, english in collected():
        print(f"{identity}: {json.dumps(english, ensure_ascii=False)}")
