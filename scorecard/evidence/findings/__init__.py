"""What developers found, as events and determinations, and whether any text on record says otherwise."""
