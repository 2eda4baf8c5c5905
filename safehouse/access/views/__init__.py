"""Pages of this folder."""

from flask import Blueprint

from safehouse.access.views import account_access, approvals, enrolment, office, own_account, sign_in

blueprints: tuple[Blueprint, ...] = (
    sign_in.pages,
    enrolment.pages,
    own_account.pages,
    account_access.pages,
    approvals.pages,
    office.pages,
)
