"""Who might take over what, when somebody carries too much (R14): a solver's answer, with reasons; a leader decides."""
