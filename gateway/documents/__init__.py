"""Events to the business documents that are owed: 855, 856, 810, 997, TA1 and the files to the house."""
