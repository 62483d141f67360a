"""The engine room: everything the product computes, importable without Streamlit."""
