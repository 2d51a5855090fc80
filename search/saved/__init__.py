"""Searches that people keep, and what they are written about them. docs/adr/0007-alerts.md says what counts as news."""
