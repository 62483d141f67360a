"""Reports: sections ask for answers and say what they show, one exporter a format draws them."""
