"""Early warning: the alert level of each threshold, who is told what of it and since when, how it would have done."""
