"""A service at work: its container, entry points, timers and health."""

import warnings

# eventlet says so at its first import, wherever that is; docs/decisions.md says why it is used all the same
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
