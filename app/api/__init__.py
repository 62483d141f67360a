"""The same answers over HTTP: keys, typed answers, errors in the product's own words."""
