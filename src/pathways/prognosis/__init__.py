"""How long patients live: recurrence, life after it, life without clearance, death of other causes; for one patient and for columns alike."""
