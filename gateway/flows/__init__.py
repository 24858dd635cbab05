"""The use cases, one function per thing that happens, and the ports they need."""
