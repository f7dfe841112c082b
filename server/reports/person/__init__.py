"""What is kept of one person, on a page and as a copy to take away (Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15).

The copy is a ZIP: everything as JSON, the same as a workbook, the files that the person sent, and a text that says what is in it.
"""
