"""Words that sentences of every layer need."""


def counted(number: int, what: str) -> str:
    """So many of something, in words.

    >>> counted(1, "error"), counted(0, "warning")
    ('1 error', '0 warnings')
    """
    return f"{number} {what}{'' if number == 1 else 's'}"
