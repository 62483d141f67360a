"""Modules of engines that are extras: their examples run where the package is installed."""

from importlib.util import find_spec

EXTRAS = {"core/engines/postgres.py": "psycopg2", "core/engines/spark.py": "pyspark"}

collect_ignore = [module for module, package in EXTRAS.items() if not find_spec(package)]
