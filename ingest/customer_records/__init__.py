"""Reads customer reference files: bytes to customer records with findings."""

from ingest.customer_records.customer_file_detection import is_customer_file
from ingest.customer_records.customer_file_reader import CustomerFileReading, open_customer_file
from ingest.customer_records.customer_item import CustomerItem

__all__ = ["CustomerFileReading", "CustomerItem", "is_customer_file", "open_customer_file"]
