"""Acceptance: the robot decides an application by the rules of the product version and keeps why."""
