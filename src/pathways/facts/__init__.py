"""Rules over a case under a protocol: verdicts with reasons, and the facts the process reads."""
