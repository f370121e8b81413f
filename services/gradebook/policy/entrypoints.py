"""Answers calls about the school's policy, and handles identity's events about schools."""

from __future__ import annotations

from contracts.gradebook.policy import Policies, PolicyOn
from contracts.identity.schools import SchoolChanged, Schools
from kernel.auth import Actor
from kernel.contract import Empty
from kernel.data.received import Received
from kernel.running.entrypoints import Entrypoints, on_event, rpc
from services.gradebook.policy import queries, recording, views
from services.gradebook.rows import View


class PolicyEntrypoints(Entrypoints):
    """Answers calls about the school's policy, and handles identity's events about schools."""

    @rpc(Policies.policy)
    def policy(self, actor: Actor, command: PolicyOn) -> View:
        """The policy that decides a day, in words; any member of the staff may read it."""
        with self.unit_of_work(actor) as session:
            setting = queries.setting(session)
            found = queries.policy_on(session, setting, command.date or queries.today_of(setting))
        return views.policy(found)

    @rpc(Policies.policy_versions)
    def policy_versions(self, actor: Actor, command: Empty) -> View:
        """All versions with their differences; any member of the staff may read them."""
        with self.unit_of_work(actor) as session:
            setting = queries.setting(session)
            rows = queries.versions(session)
            in_force = queries.policy_on(session, setting, queries.today_of(setting)).version
            policies = queries.policies(session, rows, queries.zone_of(setting))
        return views.versions(rows, policies, queries.default_of(setting), in_force)

    @on_event(SchoolChanged)
    def on_school_changed(self, received: Received[SchoolChanged]) -> None:
        """Update the school's time zone."""
        (school,) = self.ask(Schools.schools).schools
        with self.unit_of_work.once(received) as session:
            recording.renewed_time_zone(session, received.tenant_id, school.time_zone)
