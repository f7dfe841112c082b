"""Models: two tables in, probabilities with reasons out.

Serving needs numpy and onnxruntime; only training needs the dependency group `train`.
"""
