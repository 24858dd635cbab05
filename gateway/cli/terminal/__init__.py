"""What a person at a terminal gets and a program does not: tables that fit, colours with a meaning, progress."""
