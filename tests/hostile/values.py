"""What no honest visitor sends: texts by the kind of harm that they try, as they stand in an address.

Percent-encoded, so that each may be bytes that are no text. None of them may bring the site to answer 5xx.
"""

import random
from urllib.parse import quote

# Reflected unescaped, it would run; with it tests find what was reflected.
SCRIPT = "<script>alert(4711)</script>"
ELSEWHERE = "evil.example"


def encoded(*texts: str) -> tuple[str, ...]:
    return tuple(quote(text, safe="") for text in texts)


CLASSES: dict[str, tuple[str, ...]] = {
    "NUL": ("%00", "a%00b", "2006-11-15%00", "%00%00%00", "labour%00%27"),
    "not UTF-8": ("%FF", "%C0%AF", "%ED%A0%80", "%ED%BF%BF", "%F8%88%80%80%80", "%E2%82", "caf%E9", "%80abc", "%"),
    "marks": encoded("\ufeff", "\u202eabc", "\u200b", "\x85", "\u2028", "💩", "e" + "\u0301" * 50, "\uffff",
                     "\U0010ffff",
                     "\x1c-", "\x7f", "İ", "ß" * 40),
    "numbers": encoded("0", "-1", "-0", "+1", " 1", "1e9", "1000000000", "2147483648", "9223372036854775808",
                       "9" * 400, "9" * 3500, "1e309", "NaN", "Infinity", "0x10", "1_000", "٣", "²", "1.5", "१२"),
    "patterns": ("%25" * 500, "_" * 500, "%5C" * 500, "*" * 500, "%5B" * 300, "%28" * 300, "%2E%2A%2B" * 100),
    "SQL": encoded("' OR 1=1--", "'); DROP TABLE engagement_source;--", '" UNION SELECT 1,2,3--',
                   "1;SELECT pg_sleep(9)",
                   "\\'", "1' AND '1'='1", "||'x", "%(name)s", "?", ":1"),
    "search": encoded('"', '"a', "AND OR NOT", "NEAR(a b", "a*", "^a", "(", ")", "-", "name:a", "{a b}: c", "a" * 255,
                      "a | b & !c", "<->", "a:*B", "!", "'a' <2> 'b'", " ".join("abcdefghijklmnopqrstuvwxyz" * 5)),
    "script": encoded(SCRIPT, f'">{SCRIPT}', f"'>{SCRIPT}", f"</title>{SCRIPT}", f"{SCRIPT}--",
    "javascript:alert(4711)",
                      f"</script>{SCRIPT}", '" onmouseover="alert(4711)'),
    "template": encoded("{{7*7}}", "{% debug %}", "${7*7}", "#{7*7}", "%s%s%s%n", "{0.__class__}",
                        "{{settings.SECRET_KEY}}",
                        "\ue000name\ue001", "%(name)s"),
    "lines": ("%0D%0ASet-Cookie:%20x=1", "%0a", "%0d", "%09", "%0b", "a%0d%0a%0d%0a<html>", "%20", "+", "%C2%A0"),
    "dates": encoded("2006-13-45", "0000-00-00", "9999-12-31", "10000-01-01", "2006-02-30", "-0001-01-01",
                     "0001-01-01",
                     "2006-11-15T00:00:00Z", "15/11/2006", "2006-W10", "20061115", "2006", "2006-11", "today",
                     "٢٠٠٦-١١-١٥", "2006-11-15/2007", "199X", "1990~", "9999999999-01-01", "2006-1-1", "2006-11-15 "),
    "elsewhere": encoded(f"//{ELSEWHERE}", f"https://{ELSEWHERE}", f"/\\{ELSEWHERE}", f"\\\\{ELSEWHERE}",
                         f"///{ELSEWHERE}",
                         f"http:{ELSEWHERE}", f"https:///{ELSEWHERE}", f"/%2f{ELSEWHERE}", f"@{ELSEWHERE}", "1000",
                         f"/a\r\nLocation: //{ELSEWHERE}", "/admin/../..//" + ELSEWHERE),
    "names": encoded("../../../etc/passwd", "..%2f..%2f", "/etc/passwd", "C:\\boot.ini", "file:///etc/passwd",
                     "__class__",
                     "contacts__email", "pk__in", "password", "_state", "id__gt", "organization:", ":", "contact:1",
                     "organization:a:b", "None", "null", "undefined", "true", "[]", "{}", "[object Object]"),
    "long": ("a" * 300, "a" * 3000, "a%20" * 1000, "%E3%81%82" * 300, "a" * 9000, "%F0%9F%92%A9" * 200, "%2C" * 900),
}  # fmt: skip


def mixed(seed: int, count: int, most: int = 60) -> list[str]:
    """Texts of random bytes and of pieces of the above, the same each time."""
    chance = random.Random(seed)
    pieces = [value for values in CLASSES.values() for value in values if len(value) < 40]
    return [
        "".join(
            chance.choice(pieces) if chance.random() < 0.2 else f"%{chance.randrange(256):02X}"
            for _ in range(chance.randrange(1, most))
        )
        for _ in range(count)
    ]
