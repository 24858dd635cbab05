"""The serial shipping container code: what stands on every carton (GS1 general specifications)."""

DIGITS = 18
IDENTIFIER = "00"


def sscc(prefix: str, extension: str, serial: int) -> str:
    """Twenty digits: application identifier 00, extension digit, GS1 company prefix, serial, check digit.

    Raises ValueError when prefix and serial do not fit into the 16 digits they have.

    >>> sscc("0614141", "0", 1)
    '00006141410000000012'
    """
    room = DIGITS - 1 - len(extension) - len(prefix)
    if not (prefix + extension).isdigit() or len(extension) != 1 or room < 1 or len(str(serial)) > room:
        raise ValueError(f"no SSCC can be made of extension '{extension}', prefix '{prefix}' and serial {serial}")
    body = f"{extension}{prefix}{serial:0{room}d}"
    return f"{IDENTIFIER}{body}{check_digit(body)}"


def with_identifier(code: str) -> str | None:
    """A code of 18 or 20 digits with its application identifier; None when it is none or its check digit is wrong.

    >>> with_identifier("006141410000000012"), with_identifier("006141410000000013")
    ('00006141410000000012', None)
    """
    digits = code.removeprefix(IDENTIFIER) if len(code) == len(IDENTIFIER) + DIGITS else code
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()) or check_digit(digits[:-1]) != digits[-1]:
        return None
    return f"{IDENTIFIER}{digits}"


def check_digit(digits: str) -> str:
    """The GS1 check digit: weights 3 and 1 from the right, modulo 10.

    >>> check_digit("03600029145")
    '2'
    """
    total = sum(int(digit) * (3 if at % 2 == 0 else 1) for at, digit in enumerate(reversed(digits)))
    return str(-total % 10)
