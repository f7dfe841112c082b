"""Scores on paper: Mẫu số 01 and Mẫu số 02 of Nghị định 335/2025, the notice, the list that is published, and workbooks."""
