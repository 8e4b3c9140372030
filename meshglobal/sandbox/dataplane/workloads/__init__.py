"""The applications that pods run: small HTTP servers of our own that behave like the samples' and say who served."""
