"""Every code a person can meet, each with a paragraph for readers who know no X12; read only when one is asked for."""
