"""The life of a task: from a proposal or an order to an accepted result."""
