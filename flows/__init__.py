"""Thin Prefect flows over the library; no domain logic lives here."""
