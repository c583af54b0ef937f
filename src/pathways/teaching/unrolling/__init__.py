"""A scenario unrolled into a lesson: answers, refusals, grades, ways, passages, the debrief."""
