"""Forecasts: time series, open pipeline, outlook and their track record."""
