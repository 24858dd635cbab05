"""stub"""
def tables() -> str:
    return ""
