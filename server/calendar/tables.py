"""What is stored of the calendar: the days that an administrator decided, above the law's holidays."""

from piccolo.columns import Boolean, Date, Text, Timestamptz, Varchar
from piccolo.table import Table


class OfficeDay(Table):
    """One day that a notice makes working or off; it wins over everything else."""

    #: ISO: "2027-02-05".
    id = Varchar(length=10, primary_key=True, default=None)
    day = Date(default=None)
    working = Boolean(default=False)
    #: Number and name of the notice that says so.
    notice = Text(default="")
    by = Varchar(length=36, default=None, null=True)
    at = Timestamptz(default=None)
