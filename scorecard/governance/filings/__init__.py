"""What must be filed with regulators: when each filing is due, and what people wrote, reviewed and filed."""
