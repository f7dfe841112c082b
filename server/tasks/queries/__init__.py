"""What is read of tasks. Every query that lists tasks goes through ``scope.visible``."""
