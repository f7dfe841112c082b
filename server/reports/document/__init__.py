"""The document of a report: a PDF in the layout of Nghị định 30/2020."""
