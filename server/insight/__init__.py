"""What the models say: risk, load, proposals, suggested scores, trends. All of it proposes; a person decides (docs/foresight.md)."""
