"""The clinical process, declared once as pure data: phases, facts, triggers. Nothing here computes or imports rules."""
