"""A letter to hand over."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

from services.notifications.channels.mail import Mail


def letter(to: str = "anna@example.org", sender: str = "school@example.org") -> Mail:
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit", utf8=not to.isascii()))
    message["From"], message["To"], message["Subject"] = sender, to, "Оценка"
    message["Message-ID"] = "<0197-1@example.org>"
    message.set_content("Оценка: 4\n")
    return Mail("0197-1", sender, to, message.as_bytes())
