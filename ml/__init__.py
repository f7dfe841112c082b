"""Models: two tables in, probabilities with reasons out. Training needs the dependency group `train`; serving needs numpy and onnxruntime."""
