"""How work goes from period to period (R15): a slope, a test, a change point; nothing is claimed on too little."""
