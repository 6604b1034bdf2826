"""Governance: safeguards, snapshots, meetings, criteria, tripwires and who may do what."""
