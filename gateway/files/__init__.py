"""Files at the level of the operating system: folders held open, entries that are what they say, names fit to be shown."""
