"""What the decree says, as plain functions on plain values.

Amounts (coefficients, quantities, points) are integers in thousandths; everything in between is exact (integers and ``Fraction``), and a
total is rounded once, where it is stored. Articles are named as the decree does: "Đ14.2" is paragraph 2 of its article 14.
"""
