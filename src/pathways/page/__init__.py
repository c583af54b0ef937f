"""A page on which a tumour board works: the case as a form, its pathways, why, what is missing, and the record of the meeting.

Bound to this machine; no request to another. The form is the state: every answer is made of what was sent, and only "save" writes.
"""
