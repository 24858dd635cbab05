"""Mappings checked and planned: ``inbound_*`` for what reads, one module for each format that is written."""
