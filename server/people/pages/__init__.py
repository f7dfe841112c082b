"""The page "Cơ quan" and its forms."""

from server.people.pages import delegations, oversight, persons, tree, units

routes = [*tree.routes, *delegations.routes, *oversight.routes, *persons.routes, *units.routes]
