"""The chain of what happened: who did what, on whose behalf, before and after."""
