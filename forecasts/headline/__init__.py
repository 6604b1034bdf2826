"""The model that the forecasting record supports: the rise process and the level model, by the class's weights."""
