"""The plan of a history comes from its seed alone."""

from datetime import date

from tests.faults.plan import DEADLY, LINE, Sync, Watch, Write, plan_of

TODAY = date(2026, 11, 23)


def test_the_same_seed_makes_the_same_plan() -> None:
    assert plan_of(7, TODAY) == plan_of(7, TODAY)
    assert plan_of(7, TODAY) != plan_of(8, TODAY)


def test_two_hundred_seeds_have_every_fault_and_every_kind_of_person_and_device() -> None:
    plans = [plan_of(seed, TODAY) for seed in range(1, 201)]
    syncs = [one for plan in plans for moment in plan.moments for one in moment.actions if isinstance(one, Sync)]
    assert {fault.kind for one in syncs for fault in one.faults} == {"none", *LINE, *DEADLY}
    assert {one.dies for one in syncs} == {"", "numbered", "answered", "stored", "paged"}
    assert any(one.revoked_after for one in syncs) and any(one.gap for one in syncs)
    kinds = {type(one).__name__ for plan in plans for moment in plan.moments for one in moment.actions}
    every = {"Write", "Sync", "Watch", "SignIn", "SignOut", "Revoke", "Crash", "Reinstall", "KillServer", "Release", "Move", "Lend"}
    assert kinds == every
    handsets = [plan.handsets for plan in plans]
    assert any(len({one.people[0] for one in held}) < len(held) for held in handsets), "a person with two devices"
    assert any(len(one.people) > 1 for held in handsets for one in held), "a device of two people"
    assert any(one.skew > 86400 for held in handsets for one in held) and any(one.skew < -86400 for held in handsets for one in held)
    assert any(one.content for plan in plans for moment in plan.moments for one in moment.actions if isinstance(one, Write)), "a file"


def test_nobody_has_two_devices_at_work_on_one_replica_in_one_moment() -> None:
    for seed in range(1, 201):
        for moment in plan_of(seed, TODAY).moments:
            busy = [one.device for one in moment.actions if isinstance(one, Sync | Watch)]
            assert len(busy) == len(set(busy)), seed
