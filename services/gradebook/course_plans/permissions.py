"""Who sees how far a course is in its plan."""

from __future__ import annotations

from kernel.auth import Actor
from services.gradebook.courses.permissions import CourseTies, may_read_course
from services.gradebook.plans.permissions import PlanTies


def may_see_progress(actor: Actor, course: CourseTies, plan: PlanTies) -> bool:
    """Whoever may read the course, and the head of the association of its subject (clause 4.2)."""
    return may_read_course(actor, course) or (actor.has("plan_head") and plan.heads)
