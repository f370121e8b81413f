"""What identity decides without a database: names, logins, waiting times, and what a bundle means."""
