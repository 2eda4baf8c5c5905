"""Service plans: what each resident needs to be safe, to heal, to learn and to see her case through, and what was done.

`services` means services given to residents; a meeting with a resident is a `care_session`. A plan has domains, one
for each discipline; the worker of a discipline keeps her domain, the coordinator the whole.
"""
