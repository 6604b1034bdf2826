"""What importers read with: bounded files, archives, tables as offices write them, and what they gather."""
