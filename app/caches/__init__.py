"""The caches of each part of the product; `app.cache` says what keys are made of."""
