"""Teaching: scenarios generated, played, scored, and taken into the classroom's tools."""
