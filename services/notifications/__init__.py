"""Notifications: sends families e-mails about marks, homework and absences."""
