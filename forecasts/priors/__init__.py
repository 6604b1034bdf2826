"""Prior sets: read, elicited from quantiles, shown as people read them, and reweighted."""
