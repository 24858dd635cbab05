"""What every part shares: money, quantities, ids, clock, issues, faults, causes, errors."""
