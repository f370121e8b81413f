"""What the services say to each other: commands in, views out, events. Data only, one module per owner."""

from typing import Final

#: The services, each the owner of the module of its name.
SERVICES: Final = ("identity", "gradebook", "attendance", "notifications", "printing")
