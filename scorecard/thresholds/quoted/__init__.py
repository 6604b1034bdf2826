"""What is quoted of a forecast run: which one stands, what it says on a day, why, and how sure one can be."""
