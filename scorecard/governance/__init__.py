"""Who proposes, adopts and decides, on the record: prior sets, criteria, rulings and decisions."""
