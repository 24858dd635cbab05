"""Telling people: alerts are opened, shared out over routes, sent, and summed up once a day."""
