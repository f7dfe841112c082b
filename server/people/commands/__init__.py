"""What changes the organisation. Every command raises the directory's version, so that no process works with an old copy."""

from server.people.commands.delegations import EndDelegation, GrantDelegation
from server.people.commands.oversight import EndOversight, SetOversight
from server.people.commands.persons import AddPerson, DisablePerson, EditPerson, EnablePerson
from server.people.commands.units import AddUnit, EditUnit

__all__ = [
    "AddPerson",
    "AddUnit",
    "DisablePerson",
    "EditPerson",
    "EditUnit",
    "EnablePerson",
    "EndDelegation",
    "EndOversight",
    "GrantDelegation",
    "SetOversight",
]
