"""FHIR R4 bundles, shaped after mCODE: what is coded becomes a draft, what is not known by its code is listed."""
