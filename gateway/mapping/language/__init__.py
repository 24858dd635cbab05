"""The language of rules: expressions, functions, types, steps, tables, plug-ins."""
