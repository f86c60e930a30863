"""Outcomes of mentorships: noted as they happen, and learned from when a lead asks."""
