"""Documents: orders, layout, rendering, storage."""
