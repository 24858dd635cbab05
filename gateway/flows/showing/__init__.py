"""Orders, money, holds and traces as plain data and sentences for lists and JSON."""
