"""What changes of messages: plans, outcomes, choices, links."""
