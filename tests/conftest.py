"""What all tests share: property tests take the time they need on a slow machine."""

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
