"""What is believed before the data, on the screen: changed, compared, proposed."""
