"""The `lyceum` command: run, migrate, demo, import and whatever else an installation is kept with."""
