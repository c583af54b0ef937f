"""Prints every message with its id, as the file that a translator starts from. Run: python docs/messages_file.py > xx.yaml.

What the file says is used with PATHWAYS_LANGUAGE=xx.yaml; as src/pathways/messages/xx.yaml it ships as a language. A field in
braces is filled in by the program: it may move within its sentence, but stays as it is written.
"""

import json

import pathways.conformance.properties
import pathways.laws.laws
from pathways.messages.catalogue import collected, sentences

if __name__ == "__main__":
    assert pathways.conformance.properties.PROPERTIES
    assert pathways.laws.laws.LAWS
    for identity, english in sorted([*collected(), *sentences()]):
        print(f"{identity}: {json.dumps(english, ensure_ascii=False)}")
