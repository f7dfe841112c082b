"""What is read of scores. Whatever shows a detail goes through ``server.kpi.rights``."""
