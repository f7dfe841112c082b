"""What changes plans: keeping what was read, changing it, creating its tasks."""

from server.plans.commands import confirm, drafts

__all__ = ["confirm", "drafts"]
