"""For servers that start several processes: settings from SAFEHOUSE_..., passphrase from a credential, PostgreSQL."""

from safehouse.starting import app_from_environment

application = app_from_environment()
