"""What a browser says about itself, in words that its owner recognises."""

from server.words import say

#: What to look for, in this order: several name others of the list beside themselves.
BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("coc_coc", "Cốc Cốc"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"))
BROWSERS_LAST = (
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("FxiOS", "Firefox"),
    ("Safari", "Safari"),
    ("python", "Python"),
    ("curl", "curl"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)


def describe(agent: str) -> str:
    """``Chrome trên Android``, from the header ``User-Agent``."""
    browser = next((name for mark, name in (*BROWSERS, *BROWSERS_LAST) if mark.lower() in agent.lower()), None)
    system = next((name for mark, name in SYSTEMS if mark in agent), None)
    if browser and system:
        return say("accounts.device_on", browser=browser, system=system)
    return browser or system or say("accounts.device_unknown")
